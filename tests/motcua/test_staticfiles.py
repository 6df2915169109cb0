"""Production can collect the static files: every file that one of them names is there."""

import json
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command


class Uncompressed(ManifestStaticFilesStorage):
    """The storage of production without its compression, which takes half a minute."""

    support_js_module_import_aggregation = True


def test_every_static_file_finds_what_it_names(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": f"{__name__}.Uncompressed"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    paths = json.loads((tmp_path / "staticfiles.json").read_text("utf-8"))["paths"]
    assert {"js/app.js", "css/app.css", "tabler/css/tabler.min.css"} <= set(paths)
    collected = (tmp_path / paths["js/app.js"]).read_text("utf-8")
    assert paths["js/disclosure.js"].removeprefix("js/") in collected

"""What a browser keeps of the portal to open it without a network: static files, by version."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

# Besides our own scripts and style sheets: what every page loads.
_OF_OTHERS = ("tabler/css/tabler.min.css", "django_htmx/htmx-2.min.js", "img/icon.svg")
WORKER = ("js/offline/worker_forms.js", "js/offline/worker.js")


def files() -> list[str]:
    """Their addresses; under production's storage these are named after their content."""
    return [static(name) for name in _names()]


@lru_cache(maxsize=1)
def version() -> str:
    """Of the files' content and of the page that stands in for all others."""
    digest = hashlib.sha256()
    root = Path(settings.BASE_DIR)
    shell = sorted((root / "templates/dossiers/offline").glob("*.html"))
    for path in [*_paths(), *shell, root / "templates/bare.html"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _names() -> list[str]:
    root = Path(settings.BASE_DIR) / "static"
    ours = [*root.glob("css/*.css"), *root.glob("js/**/*.js")]
    return [*_OF_OTHERS, *sorted({path.relative_to(root).as_posix() for path in ours})]


def _paths() -> list[Path]:
    found = [finders.find(name) for name in _names()]
    return [Path(path) for path in found if path]

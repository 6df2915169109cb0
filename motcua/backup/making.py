"""Sao lưu: the database as of one instant, the stored files, and the inventory of both."""

import json
import os
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from motcua.backup import inventory, programs

FORMAT = 1


def make(folder: Path, now: datetime) -> Path:
    """Write `motcua-<time>.tar` (0600) into the folder; complete or not there at all.

    Dump, inventory and figures read the same snapshot: what happens meanwhile is in none of them.
    Files are only ever added, so copying them after the dump loses none that it names.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as name:
        work = Path(name)
        manifest = _dump(work / "database.dump", now)
        media = Path(settings.MEDIA_ROOT)
        manifest["files"] = inventory.of_files(media)
        manifest["dump_sha256"] = inventory.sha256(work / "database.dump")
        (work / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
        with tarfile.open(work / "all.tar", "w") as archive:
            archive.add(work / "manifest.json", "manifest.json")
            archive.add(work / "database.dump", "database.dump")
            for path in manifest["files"]:
                archive.add(media / path, f"files/{path}")
        (work / "all.tar").chmod(0o600)
        with (work / "all.tar").open("rb") as written:
            os.fsync(written.fileno())
        target = folder / f"motcua-{now:%Y%m%d-%H%M%S}.tar"
        (work / "all.tar").rename(target)
    return target


def _dump(target: Path, now: datetime) -> dict[str, Any]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        programs.run(
            "pg_dump",
            "--format=custom",
            f"--snapshot={snapshot}",
            f"--file={target}",
            database=connection.settings_dict["NAME"],
        )
        return {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "server": programs.server_version(),
            **inventory.of_database().to_json(),
            "figures": inventory.of_figures(now),
        }

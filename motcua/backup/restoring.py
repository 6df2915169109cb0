"""Phục hồi: a backup becomes the database again, checked to the last row before it takes over."""

import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg2 import sql

from motcua.backup import inventory, programs
from motcua.backup.making import FORMAT
from motcua.commands import CommandRefused
from motcua.localservices.processes import wait_until

DAMAGED = "Tệp sao lưu bị hỏng hoặc không phải do hệ thống tạo ra: {}."


def restore(archive: Path) -> dict[str, Any]:
    """Replace database and files by the backup's; returns its manifest.

    Everything is unpacked, restored beside the present state and compared with the manifest
    first; only then the two are exchanged. A refusal leaves the present state as it was.
    """
    media = Path(settings.MEDIA_ROOT)
    name = connection.settings_dict["NAME"]
    media.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media.parent, prefix=".restoring-") as folder:
        work = Path(folder)
        manifest = _unpack(archive, work)
        _refuse_in_use(name)
        fresh = f"{name}_restoring"
        with _fresh_database(fresh):
            programs.run(
                "pg_restore",
                "--exit-on-error",
                str(work / "database.dump"),
                database=fresh,
            )
            with _connected_to(fresh):
                _compare(manifest)
            _exchange(name, fresh)
        _exchange_files(media, work)
    return manifest


def _unpack(archive: Path, work: Path) -> dict[str, Any]:
    """Read the archive by its manifest: nothing is written that the manifest does not name."""
    try:
        with tarfile.open(archive, "r:") as tar:
            manifest: dict[str, Any] = json.loads(_member(tar, "manifest.json").read())
            if manifest["format"] != FORMAT:
                raise CommandRefused(DAMAGED.format("định dạng lạ"))
            _copy(tar, "database.dump", work / "database.dump", manifest["dump_sha256"])
            (work / "files").mkdir()
            for path, digest in manifest["files"].items():
                inside = PurePosixPath(path)
                if inside.is_absolute() or ".." in inside.parts:
                    raise CommandRefused(DAMAGED.format("đường dẫn lạ"))
                _copy(tar, f"files/{path}", work / "files" / inside, digest)
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise CommandRefused(DAMAGED.format(type(error).__name__)) from error
    return manifest


def _member(tar: tarfile.TarFile, name: str) -> Any:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file


def _copy(tar: tarfile.TarFile, name: str, target: Path, digest: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        shutil.copyfileobj(_member(tar, name), out)
    if inventory.sha256(target) != digest:
        raise CommandRefused(DAMAGED.format(name))


def _refuse_in_use(name: str) -> None:
    connection.close()
    with connection._nodb_cursor() as cursor:

        def others() -> int:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = %s AND backend_type = 'client backend'",
                [name],
            )
            return int(cursor.fetchone()[0])

        # A connection just closed (ours, too) takes the server a moment to forget.
        if wait_until(lambda: not others(), seconds=3):
            return
        raise CommandRefused(
            f"Còn {others()} kết nối tới cơ sở dữ liệu {name}: dừng trang trước (make stop)."
        )


@contextmanager
def _fresh_database(name: str) -> Iterator[None]:
    """An empty database beside the present one; gone again when something fails."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    with connection._nodb_cursor() as cursor:
        cursor.execute(drop)
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        )
    try:
        yield
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(drop)


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    present = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = present


def _compare(manifest: dict[str, Any]) -> None:
    with transaction.atomic():
        found = inventory.of_database().to_json()
        for name, table in manifest["tables"].items():
            if found["tables"].get(name) != table:
                raise CommandRefused(DAMAGED.format(f"bảng {name} không khớp"))
        # Figures are the code's: comparable when the backup was made by this very schema.
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            now = datetime.fromisoformat(manifest["made_at"])
            if inventory.of_figures(now) != manifest["figures"]:
                raise CommandRefused(DAMAGED.format("số liệu báo cáo không khớp"))


def _exchange(name: str, fresh: str) -> None:
    """Both names change hands in one transaction; then the old database goes."""
    before = f"{name}_before"
    names = [sql.Identifier(word) for word in (name, before, fresh, name)]
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(before)))
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(names[2], names[0]))
            return
        cursor.execute(
            sql.SQL(
                "BEGIN; ALTER DATABASE {} RENAME TO {}; ALTER DATABASE {} RENAME TO {}; COMMIT"
            ).format(*names)
        )
        cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(before)))


def _exchange_files(media: Path, work: Path) -> None:
    with suppress(FileNotFoundError):
        media.rename(work / "before")
    (work / "files").rename(media)

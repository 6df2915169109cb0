"""The drill: back up, destroy, restore, compare every row, file and figure."""

import io
import json
import tarfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from motcua.backup import inventory, making, restoring
from motcua.commands import CommandRefused
from reports import figures
from reports.questions import By, Question
from tests.reports import histories, world
from tests.reports.histories import History, Stretch
from tests.reports.world import World

# serialized_rollback: as every transactional test here, so that the seeded rows come back.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """Stored files, among them one in a folder and one whose name is Vietnamese."""
    folder = tmp_path / "media"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "one").write_bytes(b"\0\1\2")
    (folder / "giấy").write_text("khai sinh")
    settings.MEDIA_ROOT = str(folder)
    return folder


@pytest.fixture
def here() -> World:
    made = world.make()
    histories.save(made, list(some_histories()))
    return made


def some_histories() -> Iterator[History]:
    """Two dossiers every three days; every other one ends, half of those late."""
    for number in range(60):
        accepted_at = histories.FIRST + timedelta(days=number // 2 * 3, hours=9)
        ended_at = accepted_at + timedelta(days=4) if number % 2 else None
        limit = accepted_at + timedelta(days=3 if number % 4 == 1 else 8)
        yield History(
            first=histories._existing(accepted_at)[0],
            version=number % 4,
            channel=("direct", "online", "post")[number % 3],
            is_forwarded=number % 10 == 0,
            accepted_at=accepted_at,
            ended_at=ended_at,
            outcome="" if ended_at is None else "overdue" if limit < ended_at else "early",
            stretches=(Stretch(accepted_at, ended_at, limit, False, False),),
        )


def every_figure(here: World, now: datetime) -> list[dict[str, object]]:
    asked = [("A", "2025-Q2"), ("D", "2025"), ("G", "2025-Q4"), ("H", "2025-07")]
    return [
        figures.compute(Question(here.agencies[name], period, by=by), now).to_json()
        for name, period in asked
        for by in By
    ]


def everything() -> inventory.Inventory:
    with transaction.atomic():
        return inventory.of_database()


def destroy(media: Path) -> None:
    for path in list(inventory.files_in(media)):
        path.unlink()
    tables = connection.introspection.table_names()
    quoted = ", ".join(connection.ops.quote_name(table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {quoted} CASCADE")


def test_everything_comes_back_after_a_disaster(
    here: World, media: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = timezone.now()
    rows, counted, files = everything(), every_figure(here, now), inventory.of_files(media)
    assert rows.tables["dossiers_dossier"].rows == 60
    assert any(answer["total"]["c10"] for answer in counted)  # type: ignore[index]

    call_command("backup", out=tmp_path / "backups")
    (archive,) = (tmp_path / "backups").iterdir()
    assert capsys.readouterr().out == f"{archive}\n"
    assert archive.stat().st_mode & 0o777 == 0o600

    destroy(media)
    assert everything().tables["dossiers_dossier"].rows == 0

    call_command("restore", archive)
    assert "khớp" in capsys.readouterr().out
    assert everything() == rows
    assert every_figure(here, now) == counted
    assert inventory.of_files(media) == files
    # Numbers go on where they were.
    assert world._party().pk > here.party.pk


def rewritten(archive: Path, target: Path, changes: dict[str, bytes]) -> Path:
    with tarfile.open(archive) as source, tarfile.open(target, "w") as out:
        for member in source:
            content = changes.get(member.name, source.extractfile(member).read())  # type: ignore[union-attr]
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))
    return target


def test_a_backup_that_does_not_add_up_changes_nothing(
    here: World, media: Path, tmp_path: Path
) -> None:
    archive = making.make(tmp_path / "backups", timezone.now())
    with tarfile.open(archive) as tar:
        manifest = json.loads(tar.extractfile("manifest.json").read())  # type: ignore[union-attr]
    one_row_more = json.loads(json.dumps(manifest))
    one_row_more["tables"]["dossiers_dossier"]["rows"] += 1
    other_figure = json.loads(json.dumps(manifest))
    next(iter(other_figure["figures"].values()))["total"]["c3"] += 1
    climbing = json.loads(json.dumps(manifest))
    climbing["files"]["../../outside"] = climbing["files"]["giấy"]
    before = everything()

    bad: list[tuple[dict[str, bytes], str]] = [
        ({"manifest.json": json.dumps(one_row_more).encode()}, "dossiers_dossier"),
        ({"manifest.json": json.dumps(other_figure).encode()}, "số liệu"),
        ({"manifest.json": json.dumps(climbing).encode()}, "đường dẫn"),
        ({"manifest.json": b"[]"}, "hỏng"),
        ({"database.dump": b"nothing"}, "database.dump"),
        ({"files/a/one": b"\0\1\3"}, "files/a/one"),
    ]
    for number, (changes, complaint) in enumerate(bad):
        damaged = rewritten(archive, tmp_path / f"{number}.tar", changes)
        with pytest.raises(CommandRefused, match=complaint):
            restoring.restore(damaged)
    junk = tmp_path / "junk.tar"
    junk.write_bytes(b"junk" * 1000)
    for path in (junk, tmp_path / "nowhere.tar"):
        with pytest.raises(CommandRefused, match="hỏng"):
            restoring.restore(path)

    assert everything() == before
    assert (media / "giấy").read_text() == "khai sinh"
    assert not (tmp_path / "outside").exists()


def test_restoring_under_a_running_site_is_refused(
    here: World, tmp_path: Path, media: Path
) -> None:
    archive = making.make(tmp_path / "backups", timezone.now())
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1")
        with pytest.raises(CommandRefused, match="dừng"):
            restoring.restore(archive)
    finally:
        other.close()


def test_a_row_changed_by_one_letter_changes_the_mark(here: World) -> None:
    before = everything()
    here.agencies["A"].name += "x"
    here.agencies["A"].save()
    after = everything()
    assert before.tables.pop("agencies_agency") != after.tables.pop("agencies_agency")
    # pghistory may note the change: all other tables are as they were.
    assert {name for name in before.tables if before.tables[name] != after.tables[name]} <= {
        "pghistory_context",
        "agencies_agencyevent",
    }

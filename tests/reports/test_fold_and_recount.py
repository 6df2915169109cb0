"""Deltas are folded once whoever folds; the recount finds a difference of one and repairs it."""

import logging
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
from django.db import connection, connections
from django.db.models import F, Sum

from dossiers.models import TallyDelta
from reports import fold, recount, tasks
from reports.models import BlockCount, BlockYear, ChannelCount, ChannelYear
from reports.tallies import MEASURES
from tests.reports import histories, world
from tests.reports.test_figures import leg

TABLES = (ChannelCount, ChannelYear, BlockCount, BlockYear)


def some_legs(here: world.World) -> None:
    histories.save(
        here,
        [
            leg("A", f"2025-05-{day:02} 09:00", f"2025-06-{day:02} 09:00", version=day % 3)
            for day in range(11, 29)
        ]
        + [leg("B", "2025-06-02 09:00", due="2025-06-20", channel="online")],
    )


@pytest.fixture
def here() -> world.World:
    return world.make()


def sums() -> list[dict[str, int]]:
    return [
        {name: table.objects.aggregate(of=Sum(name))["of"] or 0 for name in MEASURES}
        for table in TABLES
    ]


@pytest.mark.django_db
def test_folding_moves_every_delta_into_every_table(here: world.World) -> None:
    some_legs(here)
    booked = {
        name: TallyDelta.objects.filter(measure=name).aggregate(of=Sum("amount"))["of"] or 0
        for name in MEASURES
    }
    assert fold.fold(10) == 10
    tasks.fold_counts()
    assert not TallyDelta.objects.exists()
    assert sums() == [booked] * 4
    assert fold.fold() == 0
    assert BlockCount.objects.aggregate(of=Sum("received_online"))["of"] == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_workers_side_by_side_fold_each_delta_once() -> None:
    some_legs(world.make())
    booked = TallyDelta.objects.count()

    def work(_: int) -> int:
        try:
            return fold.fold_all(3)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(4))) == booked
    assert recount.compare().differences == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_worker_killed_before_its_end_has_done_nothing() -> None:
    some_legs(world.make())
    booked = TallyDelta.objects.count()
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    with other.cursor() as cursor:
        cursor.execute(fold.SQL, [7])
        assert cursor.fetchone() == (7,)
    # Until it commits, figures still see its deltas where they were.
    assert recount.compare().differences == []
    assert TallyDelta.objects.count() == booked
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [other.info.backend_pid])
    other.close()
    assert fold.fold_all() == booked
    assert recount.compare().differences == []


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("measure", MEASURES)
def test_the_recount_finds_a_difference_of_one_and_repairs_it(
    here: world.World, table: type[ChannelCount], measure: str
) -> None:
    some_legs(here)
    fold.fold(20)
    row = table.objects.order_by("pk")[0]
    table.objects.filter(pk=row.pk).update(**{measure: F(measure) + 1})
    found = recount.compare().differences
    assert {one["measure"] for one in found} == {measure}
    assert {int(str(one["counted"])) - int(str(one["recounted"])) for one in found} <= {1, -1}
    assert recount.repair().differences == found
    assert recount.compare().differences == []
    assert not TallyDelta.objects.exists()


@pytest.mark.django_db
def test_repair_replaces_what_never_was_and_what_is_missing(here: world.World) -> None:
    some_legs(here)
    fold.fold_all()
    block = here.versions[0].field.block
    BlockCount.objects.create(
        agency=here.agencies["G"], bucket=48000, block=block, is_forwarded=False, early=5
    )
    ChannelCount.objects.filter(agency=here.agencies["B"]).delete()
    ChannelYear.objects.all().delete()
    assert recount.repair().differences != []
    assert recount.compare().differences == []
    assert sums()[0] == sums()[1] == sums()[2] == sums()[3]


@pytest.mark.django_db
def test_a_delta_too_many_is_a_difference(here: world.World) -> None:
    some_legs(here)
    delta = TallyDelta.objects.order_by("pk")[0]
    delta.pk = None
    delta.save(force_insert=True)
    found = recount.compare()
    assert {one["by"] for one in found.differences} == {"channel", "block"}
    assert found.compared > len(found.differences)


@pytest.mark.django_db
def test_the_nightly_recount_raises_an_alarm(
    here: world.World, caplog: pytest.LogCaptureFixture
) -> None:
    some_legs(here)
    with caplog.at_level(logging.ERROR):
        tasks.recount_all()
        assert caplog.records == []
        TallyDelta.objects.all()[:1].get().delete()
        tasks.recount_all()
    assert [record.levelname for record in caplog.records] == ["ERROR"]

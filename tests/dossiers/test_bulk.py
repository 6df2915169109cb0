"""One act on many dossiers: each wholly or not at all, once, whoever is killed in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections, transaction

from agencies.models import Agency, Appointment, Role, User
from dossiers import bulk, errors, handover, result
from dossiers.models import BulkItem, BulkRun, Dossier, DossierEvent, JobState, Status
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.at("2024-06-05 09:00")


def clock() -> object:
    return NOW


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def clerk(commune: Agency) -> User:
    return make.user(at=commune)


def done_ones(commune: Agency, clerk: User, count: int) -> list[Dossier]:
    """Results that wait at the counter."""
    version = make.version(posted_at=commune)
    made = [make.dossier(agency=commune, version=version, officer=clerk) for _ in range(count)]
    later = make.NOW + timedelta(hours=1)
    return [result.finish(each, actor=clerk, now=later, request_id=uuid4()) for each in made]


def begin(user: User, act: str, dossiers: list[Dossier], **arguments: int) -> BulkRun:
    chosen = [(each.pk, each.status) for each in dossiers]
    return bulk.start(user, act, arguments, chosen, NOW, uuid4())


def states(run: BulkRun) -> list[str]:
    return list(run.items.order_by("pk").values_list("state", flat=True))


def handed_over(dossiers: list[Dossier]) -> list[int]:
    """How often each was handed over."""
    return [DossierEvent.objects.filter(dossier=each, act="hand_over").count() for each in dossiers]


def test_every_chosen_dossier_is_handed_over(commune: Agency, clerk: User) -> None:
    dossiers = done_ones(commune, clerk, 3)
    run = begin(clerk, "hand_over", dossiers)
    bulk.run(run.pk, lambda: NOW)
    run.refresh_from_db()
    assert (run.state, states(run)) == (JobState.DONE, [JobState.DONE] * 3)
    assert set(Dossier.objects.values_list("status", flat=True)) == {Status.RETURNED}
    bulk.run(run.pk, lambda: NOW)  # a message delivered twice
    assert handed_over(dossiers) == [1, 1, 1]


def test_what_changed_since_is_left_alone_and_told(commune: Agency, clerk: User) -> None:
    dossiers = done_ones(commune, clerk, 3)
    run = begin(clerk, "hand_over", dossiers)
    handover.hand_over(dossiers[1], actor=clerk, now=NOW, request_id=uuid4())
    bulk.run(run.pk, lambda: NOW)
    assert states(run) == [JobState.DONE, JobState.FAILED, JobState.DONE]
    assert run.items.get(dossier=dossiers[1]).message == errors.DossierChanged.message
    assert handed_over(dossiers) == [1, 1, 1]


def test_a_dossier_out_of_scope_is_refused(commune: Agency, clerk: User) -> None:
    elsewhere = make.agency()
    other = make.user(at=elsewhere)
    [foreign] = done_ones(elsewhere, other, 1)
    run = begin(clerk, "hand_over", [foreign])
    bulk.run(run.pk, lambda: NOW)
    assert run.items.get().message == errors.OutOfScope.message
    assert handed_over([foreign]) == [0]


def test_a_clerk_whose_role_ended_does_nothing_more(commune: Agency, clerk: User) -> None:
    dossiers = done_ones(commune, clerk, 2)
    run = begin(clerk, "hand_over", dossiers)
    Appointment.objects.filter(user=clerk).update(valid_to=NOW.date() - timedelta(days=1))
    bulk.run(run.pk, lambda: NOW)
    assert states(run) == [JobState.FAILED] * 2
    assert handed_over(dossiers) == [0, 0]


def test_the_failed_ones_can_be_tried_again(commune: Agency, clerk: User) -> None:
    dossiers = done_ones(commune, clerk, 2)
    run = begin(clerk, "hand_over", dossiers)
    Appointment.objects.filter(user=clerk).update(valid_to=NOW.date() - timedelta(days=1))
    bulk.run(run.pk, lambda: NOW)
    Appointment.objects.filter(user=clerk).update(valid_to=None)
    run.refresh_from_db()
    assert bulk.retry(run, NOW) == 2
    assert bulk.retry(run, NOW) == 0  # a second click
    bulk.run(run.pk, lambda: NOW)
    assert states(run) == [JobState.DONE] * 2
    assert handed_over(dossiers) == [1, 1]


def test_a_fault_in_one_dossier_stops_no_other(
    commune: Agency, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers = done_ones(commune, clerk, 3)
    run = begin(clerk, "hand_over", dossiers)
    perform = bulk._perform

    def broken(run: BulkRun, item: BulkItem, *rest: object) -> None:
        perform(run, item, *rest)  # type: ignore[arg-type]
        if item.dossier_id == dossiers[0].pk:
            raise RuntimeError("secret")

    monkeypatch.setattr(bulk, "_perform", broken)
    bulk.run(run.pk, lambda: NOW)
    assert states(run) == [JobState.FAILED, JobState.DONE, JobState.DONE]
    assert "secret" not in run.items.get(dossier=dossiers[0]).message
    assert handed_over(dossiers) == [0, 1, 1]  # rolled back wholly


def test_other_acts_in_bulk(commune: Agency) -> None:
    leader = make.staff(commune, Role.LEADER, Role.CLERK)
    officer = make.user(at=commune, role=Role.OFFICER)
    version = make.version(posted_at=commune)
    made = [make.dossier(agency=commune, version=version) for _ in range(2)]
    for act, given in (
        ("assign", {"officer": officer.pk}),
        ("start_processing", {}),
        ("send", {"to_agency": make.agency(committee=commune).pk}),
        ("acknowledge", {}),
    ):
        dossiers = list(Dossier.objects.filter(pk__in=[each.pk for each in made]))
        run = begin(leader, act, dossiers, **given)
        bulk.run(run.pk, lambda: NOW)
        assert states(run) == [JobState.DONE] * 2, act
    assert set(Dossier.objects.values_list("status", flat=True)) == {Status.PROCESSING}


def test_the_same_form_twice_makes_one_run(commune: Agency, clerk: User) -> None:
    [dossier] = done_ones(commune, clerk, 1)
    key = uuid4()
    chosen = [(dossier.pk, dossier.status)]
    first = bulk.start(clerk, "hand_over", {}, chosen, NOW, key)
    assert bulk.start(clerk, "hand_over", {}, chosen, NOW, key).pk == first.pk
    assert BulkItem.objects.count() == 1
    with pytest.raises(errors.RequestReplayed):
        bulk.start(make.user(at=commune), "hand_over", {}, chosen, NOW, key)


def test_too_many_and_none_are_refused(clerk: User) -> None:
    for chosen in ([], [(pk, 9) for pk in range(bulk.MOST + 1)]):
        with pytest.raises(errors.BulkRefused):
            bulk.start(clerk, "hand_over", {}, chosen, NOW, uuid4())
    with pytest.raises(errors.BulkRefused):
        bulk.start(clerk, "destroy", {}, [(1, 9)], NOW, uuid4())


def test_a_dossier_stands_once_in_a_run(commune: Agency, clerk: User) -> None:
    [dossier] = done_ones(commune, clerk, 1)
    run = begin(clerk, "hand_over", [dossier])
    with pytest.raises(IntegrityError, match="bulk_item_once_in_a_run"), transaction.atomic():
        BulkItem.objects.create(run=run, dossier=dossier, seen_status=9)


def test_the_sweep_finds_what_fell_silent_and_what_no_message_reached(
    commune: Agency, clerk: User
) -> None:
    """The broker was gone: the row waits, and is done when somebody looks."""
    dossiers = done_ones(commune, clerk, 2)
    run = begin(clerk, "hand_over", dossiers)
    assert bulk.sweep(NOW) == []
    assert bulk.sweep(NOW + timedelta(minutes=10)) == [run.pk]
    BulkRun.objects.update(state=JobState.RUNNING, beat_at=NOW)
    assert bulk.sweep(NOW + timedelta(seconds=30)) == []
    assert bulk.sweep(NOW + bulk.LEASE + timedelta(seconds=1)) == [run.pk]
    bulk.run(run.pk, lambda: NOW)
    assert bulk.sweep(NOW + timedelta(days=1)) == []
    assert handed_over(dossiers) == [1, 1]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_four_workers_on_one_run_do_each_dossier_once(commune: Agency, clerk: User) -> None:
    dossiers = done_ones(commune, clerk, 12)
    run = begin(clerk, "hand_over", dossiers)
    barrier = Barrier(4)

    def work() -> None:
        barrier.wait()
        try:
            bulk.run(run.pk, lambda: NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(work) for _ in range(4)]:
            each.result()
    run.refresh_from_db()
    assert (run.state, states(run)) == (JobState.DONE, [JobState.DONE] * 12)
    assert handed_over(dossiers) == [1] * 12

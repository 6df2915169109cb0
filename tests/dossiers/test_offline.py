"""What a counter without a network sends afterwards: once, within bounds, by its own people."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Appointment, Role, User
from dossiers.models import Dossier, DossierCounter
from procedures.models import ProcedureVersion
from tests import make

pytestmark = pytest.mark.django_db
Entry = Callable[..., dict[str, str]]
# A quarter of an hour without a network.
AGO = timedelta(minutes=15)


@pytest.fixture
def commune() -> Agency:
    return make.agency("Ủy ban nhân dân xã Trà Bồng")


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune, components=2)


@pytest.fixture
def clerk(commune: Agency) -> User:
    return make.staff(commune)


def entry(
    version: ProcedureVersion, agency: Agency, taken_at: datetime, **changed: str
) -> dict[str, str]:
    """What the browser kept of a complete form."""
    fields = {
        "intake_key": str(uuid4()),
        "agency": str(agency.pk),
        "capacity": "own",
        "channel": "direct",
        "delivery": "counter",
        "holder-kind": "person",
        "holder-name": "Nguyễn Thị Én",
        "version": str(version.pk),
        "taken_at": taken_at.isoformat(),
    }
    for component in version.components.all():
        key = f"component_{component.pk}"
        fields |= {key: "on", f"{key}_form": "original", f"{key}_quantity": "1"}
    return fields | changed


def send(user: User, version: ProcedureVersion, fields: dict[str, str]) -> Any:
    client = Client()
    client.force_login(user)
    address = reverse("dossiers:offline", args=[version.procedure.code])
    return client.post(address, fields)


def test_the_receipt_date_is_when_the_citizen_stood_there(
    commune: Agency, version: ProcedureVersion, clerk: User
) -> None:
    taken_at = timezone.now() - timedelta(days=2)
    answer = send(clerk, version, entry(version, commune, taken_at))
    assert answer.status_code == 201
    dossier = Dossier.objects.get()
    assert answer.json() == {"code": dossier.code, "url": dossier.get_absolute_url()}
    assert dossier.accepted_at == taken_at
    assert f"-{timezone.localdate(taken_at):%y%m%d}-" in str(dossier.code)
    event = dossier.events.get()
    assert event.recorded_at - event.at > timedelta(days=1)
    assert event.detail["offline"] is True
    client = Client()
    client.force_login(clerk)
    history = client.get(dossier.get_absolute_url()).content.decode()
    assert "ghi ngoại tuyến, gửi lúc" in history


def test_an_entry_sent_again_gives_the_same_code(
    commune: Agency, version: ProcedureVersion, clerk: User
) -> None:
    fields = entry(version, commune, timezone.now() - AGO)
    first, second = send(clerk, version, fields), send(clerk, version, fields)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    # Also when its answer was lost for longer than an entry may wait.
    old = fields | {"taken_at": (timezone.now() - timedelta(days=30)).isoformat()}
    assert send(clerk, version, old).json() == first.json()
    assert Dossier.objects.count() == 1


def test_the_form_itself_and_the_queue_agree_on_the_key(
    commune: Agency, version: ProcedureVersion, clerk: User
) -> None:
    """The form got through, its answer did not: the queue finds the dossier."""
    fields = entry(version, commune, timezone.now())
    client = Client()
    client.force_login(clerk)
    client.post(reverse("dossiers:accept", args=[version.procedure.code]), fields)
    dossier = Dossier.objects.get()
    assert send(clerk, version, fields).json()["code"] == dossier.code
    changed = fields | {"holder-name": "Trần Văn Khác"}
    answer = send(clerk, version, changed)
    assert (answer.status_code, answer.json()["code"]) == (409, "key_replayed")
    assert Dossier.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_tabs_and_machines_sending_at_once_make_one_dossier() -> None:
    commune = make.agency()
    version, clerk = make.version(posted_at=commune, components=1), make.staff(commune)
    fields = entry(version, commune, timezone.now() - AGO)
    barrier = Barrier(8)

    def one(_: int) -> tuple[int, str]:
        barrier.wait()
        answer = send(clerk, version, fields)
        connections.close_all()
        return answer.status_code, answer.json()["code"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(8)))
    assert {status for status, _ in answers} <= {200, 201}
    assert len({code for _, code in answers}) == 1
    assert Dossier.objects.count() == 1
    assert DossierCounter.objects.get().last == 1


@pytest.mark.parametrize("away", [timedelta(minutes=5), -timedelta(days=7, minutes=5)])
def test_moments_outside_the_bounds_are_refused(
    commune: Agency, version: ProcedureVersion, clerk: User, away: timedelta
) -> None:
    answer = send(clerk, version, entry(version, commune, timezone.now() + away))
    assert (answer.status_code, answer.json()["code"]) == (422, "moment_invalid")


@pytest.mark.parametrize("said", ["", "2024-06-03", "2024-06-03T09:00:00", "0", "2024-13-99T0:0Z"])
def test_a_moment_without_its_offset_is_none(
    commune: Agency, version: ProcedureVersion, clerk: User, said: str
) -> None:
    fields = entry(version, commune, timezone.now()) | {"taken_at": said}
    assert send(clerk, version, fields).json()["code"] == "moment_invalid"


def test_a_device_a_minute_ahead_is_forgiven(
    commune: Agency, version: ProcedureVersion, clerk: User
) -> None:
    ahead = timezone.now() + timedelta(minutes=1)
    assert send(clerk, version, entry(version, commune, ahead)).status_code == 201
    accepted_at = Dossier.objects.get().accepted_at
    assert accepted_at is not None
    assert accepted_at < ahead


def test_a_version_no_longer_in_force_is_a_conflict(
    commune: Agency, version: ProcedureVersion, clerk: User
) -> None:
    """The browser kept the form of a version that had ended when the citizen came."""
    taken_at = timezone.now() - timedelta(days=1)
    ended = timezone.localdate(taken_at) - timedelta(days=1)
    type(version).objects.filter(pk=version.pk).update(effective_to=ended)
    answer = send(clerk, version, entry(version, commune, taken_at))
    assert (answer.status_code, answer.json()["code"]) == (409, "version_not_in_force")


def test_a_version_that_ended_since_still_counts(
    commune: Agency, version: ProcedureVersion, clerk: User
) -> None:
    taken_at = timezone.now() - timedelta(days=2)
    type(version).objects.filter(pk=version.pk).update(effective_to=timezone.localdate(taken_at))
    assert send(clerk, version, entry(version, commune, taken_at)).status_code == 201


def test_missing_papers_are_named(commune: Agency, version: ProcedureVersion, clerk: User) -> None:
    component = version.components.all()[0]
    fields = entry(version, commune, timezone.now() - AGO)
    del fields[f"component_{component.pk}"]
    answer = send(clerk, version, fields)
    assert (answer.status_code, answer.json()["code"]) == (422, "missing_components")
    assert component.name in answer.json()["message"]
    assert list(answer.json()["fields"]) == [f"component_{component.pk}"]


def test_an_incomplete_form_says_which_fields(
    commune: Agency, version: ProcedureVersion, clerk: User
) -> None:
    fields = entry(version, commune, timezone.now() - AGO, **{"holder-name": ""})
    answer = send(clerk, version, fields)
    assert (answer.status_code, answer.json()["code"]) == (422, "form_invalid")
    assert list(answer.json()["fields"]) == ["holder-name"]
    assert "Họ tên" in answer.json()["message"]


def test_the_role_is_held_then_and_now(
    commune: Agency, version: ProcedureVersion, clerk: User
) -> None:
    taken_at = timezone.now() - timedelta(days=2)
    fields = entry(version, commune, taken_at)
    held, today = Appointment.objects.filter(user=clerk), timezone.localdate()
    held.update(valid_to=today - timedelta(days=1))
    elsewhere = make.agency()
    Appointment.objects.create(user=clerk, agency=elsewhere, role=Role.CLERK, valid_from=make.SINCE)
    # Ended since: the counter cannot even be chosen any more.
    assert send(clerk, version, fields).json()["code"] == "form_invalid"
    # Ended before and begun anew since: it was not held when the citizen stood there.
    held.filter(agency=commune).update(valid_to=today - timedelta(days=5))
    Appointment.objects.create(user=clerk, agency=commune, role=Role.CLERK, valid_from=today)
    assert send(clerk, version, fields).json()["code"] == "out_of_scope"
    assert Dossier.objects.count() == 0


def test_a_stranger_sends_nothing_and_learns_nothing(
    commune: Agency, version: ProcedureVersion, clerk: User
) -> None:
    fields = entry(version, commune, timezone.now() - AGO)
    assert send(make.user(), version, fields).status_code == 403
    assert send(make.user(at=make.agency()), version, fields).status_code == 422
    send(clerk, version, fields)
    answer = send(make.user(at=make.agency()), version, fields)
    assert answer.status_code == 422
    assert str(Dossier.objects.get().code) not in answer.content.decode()
    assert Client().post(reverse("dossiers:offline", args=["x"])).status_code == 302

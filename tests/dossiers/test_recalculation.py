"""After a change of working time: what moves, what stays, what is logged."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from calendars.models import Calendar, SpecialDay
from calendars.versions import bump_version
from dossiers import recalculation
from dossiers.models import Dossier, DossierEvent
from motcua.commands import CommandRefused
from tests import make
from tests.dossiers.acts import Office, counts, office, spans_of

pytestmark = pytest.mark.django_db
NOW = make.at("2024-06-05 20:00")


def close(*days: str) -> Calendar:
    """The storm closes every office."""
    for day in days:
        SpecialDay.objects.create(
            date=date.fromisoformat(day),
            kind=SpecialDay.Kind.CLOSURE,
            is_working=False,
            legal_basis="Công điện số 1",
        )
    bump_version(None)
    return Calendar.objects.get(code="standard")


def test_open_dossiers_follow_the_calendar_and_each_moved_date_is_an_event() -> None:
    dossier = office().dossier()
    calendar = close("2024-06-06", "2024-06-07")
    assert recalculation.recalculate(calendar, NOW) == 1
    dossier.refresh_from_db()
    assert dossier.due_at == dossier.legs.get().due_at == make.at("2024-06-12 17:00")
    assert dossier.original_due_at == make.at("2024-06-10 17:00")
    event = dossier.events.get(act="recalculate")
    assert (event.due_before, event.due_after) == (dossier.original_due_at, dossier.due_at)
    assert [span.reason for span in spans_of(dossier.legs.get())] == ["accepted", "calendar"]
    assert recalculation.recalculate(calendar, NOW) == 0
    assert DossierEvent.objects.filter(act="recalculate").count() == 1


def test_the_booked_lapse_moves_along() -> None:
    office().dossier(make.at("2024-06-07 09:00"))  # due on Friday 14/6
    recalculation.recalculate(close("2024-06-13"), make.at("2024-06-12"))
    assert counts() == {("2024-06-01", "received"): 1, ("2024-06-15", "lapsed"): 1}


def test_a_day_that_concerns_nobody_moves_nothing() -> None:
    office().dossier()
    assert recalculation.recalculate(close("2024-08-01"), NOW) == 0
    assert not DossierEvent.objects.filter(act="recalculate").exists()


@pytest.mark.parametrize(
    "history",
    [
        [("finish", "2024-06-05")],
        [("extend", "2024-06-05", {"new_due_at": make.at("2024-06-14 17:00")})],
    ],
)
def test_what_has_ended_or_was_decided_stays(history: list[tuple[object, ...]]) -> None:
    dossier = office().history(*history)
    recalculation.recalculate(close("2024-06-06"), NOW)
    assert Dossier.objects.get().due_at == dossier.due_at


def test_what_is_overdue_stays_overdue() -> None:
    dossier = office().dossier()
    recalculation.recalculate(close("2024-06-06"), make.at("2024-06-11"))
    assert Dossier.objects.get().lapses_at == dossier.lapses_at


def test_a_suspended_dossier_gets_its_due_date_by_the_new_calendar_when_it_resumes() -> None:
    place: Office = office()
    dossier = place.history(("supplement", "2024-06-04 10:00"))
    assert recalculation.recalculate(close("2024-06-10"), NOW) == 0
    dossier = place.do("supplemented", dossier, make.at("2024-06-06 08:00"))
    assert dossier.due_at == make.at("2024-06-13 17:00")


def test_the_command_says_how_many_moved() -> None:
    office().dossier()
    close("2024-06-06")
    out = StringIO()
    call_command("recalculate", stdout=out)
    # By the clock of today the dossier of 2024 has long lapsed.
    assert out.getvalue() == "0 dossiers moved\n"
    with pytest.raises(CommandRefused):
        call_command("recalculate", calendar="none")

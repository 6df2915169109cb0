"""What must always be true, the database holds: each rule is broken once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, Model

from dossiers.models import (
    ClockSpan,
    Dossier,
    DossierComponent,
    DossierCounter,
    DossierEvent,
    Extension,
    FeeDue,
    Inheritance,
    Leg,
    Party,
    StepRun,
    SupplementRequest,
    Suspension,
    TallyDelta,
)
from tests import make

pytestmark = pytest.mark.django_db
NOW, LATER = make.NOW, make.NOW + timedelta(days=1)
BEFORE = make.NOW - timedelta(days=1)


def broken(name: str, act: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


def copied(row: Model, **changes: Any) -> Callable[[], object]:
    """Insert the row once more, with changes."""

    def act() -> None:
        row.pk = None
        row._state.adding = True
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    return act


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("dossier_(status_known|finished_iff_closed)", {"status": 11}),
        ("dossier_channel_known", {"channel": "fax"}),
        ("dossier_capacity_known", {"capacity": "ghost"}),
        ("dossier_assisted_by_somebody", {"capacity": "assisted"}),
        ("dossier_coded_iff_accepted", {"code": None}),
        ("dossier_works_only_when_accepted", {"status": 1}),
        ("dossier_works_only_when_accepted", {"accepted_at": None, "code": None}),
        ("dossier_finished_iff_closed", {"status": 9}),
        ("dossier_finished_iff_closed", {"ended_at": LATER}),
        ("dossier_handed_over_iff_returned", {"returned_at": LATER}),
        ("dossier_ends_after_acceptance", {"status": 9, "ended_at": BEFORE}),
        ("dossier_due_after_acceptance", {"original_due_at": BEFORE}),
    ],
)
def test_a_dossier_cannot_contradict_itself(name: str, changes: dict[str, object]) -> None:
    dossier = make.dossier()
    broken(name, lambda: Dossier.objects.filter(pk=dossier.pk).update(**changes))


def test_codes_keys_and_places_are_not_given_twice() -> None:
    version = make.version(components=1)
    agency = make.agency()
    make.posting(agency, version)
    dossier = make.dossier(agency=agency, version=version)
    fresh = {"public_id": uuid4(), "intake_key": uuid4(), "code": "A-1"}
    again = Dossier.objects.get()
    broken("dossiers_dossier_code_key", copied(again, **{**fresh, "code": dossier.code}))
    broken("dossier_taken_in_once", copied(again, **{**fresh, "intake_key": dossier.intake_key}))
    broken("dossier_component_placed_once", copied(DossierComponent.objects.get()))
    broken("counter_one_per_day", copied(DossierCounter.objects.get()))
    broken("request_id", copied(DossierEvent.objects.get()))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("leg_ended_iff_outcome", {"outcome": "early"}),
        ("leg_ended_iff_outcome", {"ended_at": LATER}),
        ("leg_ends_after_acceptance", {"ended_at": BEFORE, "outcome": "early"}),
        ("leg_channel_known", {"channel": "fax"}),
    ],
)
def test_a_leg_cannot_contradict_itself(name: str, changes: dict[str, object]) -> None:
    make.dossier()
    broken(name, lambda: Leg.objects.update(**changes))


def test_a_dossier_is_lodged_once_and_its_legs_have_places() -> None:
    make.dossier()
    broken("leg_lodged_once", copied(Leg.objects.get(), position=2))
    broken("leg_placed_once", copied(Leg.objects.get(), is_forwarded=True))


def test_one_span_is_in_force_at_a_time() -> None:
    make.dossier()
    span = ClockSpan.objects.get()
    broken("clock_span_one_(in_force|open)", copied(span, in_force=(LATER, None)))
    ClockSpan.objects.update(in_force=(NOW, LATER))
    broken("clock_span_one_in_force", copied(span, in_force=(NOW, LATER)))


def test_supplements_suspensions_and_extensions_keep_order() -> None:
    dossier = make.dossier()
    asked = SupplementRequest.objects.create(
        dossier=dossier, number=1, stage="examination", items=[], reason="", requested_at=NOW
    )
    broken("supplement_one_open", copied(SupplementRequest.objects.get(), number=2))
    SupplementRequest.objects.update(completed_at=LATER)
    broken("supplement_numbered_once", copied(SupplementRequest.objects.get()))
    broken(
        "supplement_completed_after_request",
        lambda: SupplementRequest.objects.update(completed_at=BEFORE),
    )
    Suspension.objects.create(dossier=dossier, ground="supplement", supplement=asked, starts_at=NOW)
    broken("suspension_one_open", copied(Suspension.objects.get(), supplement=None))
    broken("suspension_ends_after_start", lambda: Suspension.objects.update(ends_at=BEFORE))
    broken(
        "extension_moves_forward",
        lambda: Extension.objects.create(
            dossier=dossier, at=NOW, old_due_at=LATER, new_due_at=LATER, reason=""
        ),
    )


def test_a_dossier_is_in_one_office_at_a_time() -> None:
    dossier = make.dossier()
    StepRun.objects.create(
        dossier=dossier, leg=dossier.legs.get(), agency=dossier.lodged_at, sent_at=NOW
    )
    broken("step_run_one_at_a_time", copied(StepRun.objects.get(), public_id=uuid4()))
    broken(
        "step_run_acknowledged_after_sent", lambda: StepRun.objects.update(acknowledged_at=BEFORE)
    )


def test_a_fee_is_waived_on_a_ground() -> None:
    dossier = make.dossier()
    FeeDue.objects.create(dossier=dossier, name="Lệ phí", amount_vnd=1)
    broken("fee_due_state_known", lambda: FeeDue.objects.update(state="none"))
    broken("fee_waived_on_a_ground", lambda: FeeDue.objects.update(state="waived"))


def test_an_inheritance_goes_from_one_agency_to_another_once_at_a_time() -> None:
    dossier = make.dossier()
    Inheritance.objects.create(
        leg=dossier.legs.get(), predecessor=dossier.lodged_at, heir=make.agency(), at=LATER
    )
    broken("inheritance_one_at_a_time", copied(Inheritance.objects.get()))
    broken(
        "inheritance_between_two_agencies",
        lambda: Inheritance.objects.update(heir=F("predecessor")),
    )


def test_a_number_is_one_party_and_goes_with_its_hash() -> None:
    make.dossier(holder=make.person(citizen_id="051203000123", phone="0905123456"))
    broken("party_kind_known", lambda: Party.objects.update(kind="ghost"))
    broken("party_known_by_number_once", copied(Party.objects.get(), public_id=uuid4()))
    broken("party_number_with_its_hash", lambda: Party.objects.update(citizen_id_hash=None))
    broken("party_phone_with_its_hash", lambda: Party.objects.update(phone_cipher=None))


def test_a_delta_changes_something_known() -> None:
    make.dossier()
    broken("delta_changes_something", lambda: TallyDelta.objects.update(amount=0))
    broken("delta_measure_known", lambda: TallyDelta.objects.update(measure="lost"))

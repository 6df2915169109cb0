"""From office to office: step deadlines, legs of other bodies, where they end."""

import pytest

from agencies.models import Agency, Kind, Level, Role, User
from dossiers import errors
from dossiers.models import Dossier, Leg, StepRun
from procedures.models import Step
from tests import make
from tests.dossiers.acts import Office, spans_of, timeline_of

pytestmark = pytest.mark.django_db


class Cast:
    """A commune where cross-level work is lodged, the district that does it, their people."""

    def __init__(self, **version: object) -> None:
        self.district: Agency = make.agency(level=Level.DISTRICT)
        self.commune: Agency = make.agency(parent=self.district)
        fields = {"interagency": "cross_level", "steps": (16, 8), **version}
        made = make.version(posted_at=self.district, **fields)  # type: ignore[arg-type]
        leader = make.staff(self.commune, Role.CLERK, Role.LEADER)
        self.office = Office(self.commune, leader, made)
        self.officer: User = make.staff(self.district, Role.OFFICER)
        self.step: Step = made.steps.get(position=1)

    def at_district(self) -> Dossier:
        """Sent on the day of intake, acknowledged the next morning."""
        return self.office.history(
            ("send", "2024-06-03 10:00", {"to_agency": self.district, "step": self.step}),
            ("acknowledge", "2024-06-04 08:00", {"actor": self.officer}),
        )

    def legs(self) -> tuple[Leg, Leg]:
        lodged, forwarded = Leg.objects.order_by("position")
        return lodged, forwarded


def test_another_body_gets_a_leg_of_its_own_at_the_acknowledgement() -> None:
    cast = Cast()
    dossier = cast.at_district()
    lodged, forwarded = cast.legs()
    assert (lodged.agency, lodged.is_forwarded) == (cast.commune, False)
    assert (forwarded.agency, forwarded.is_forwarded) == (cast.district, True)
    assert forwarded.accepted_at == make.at("2024-06-04 08:00")
    # Sixteen working hours from Tuesday 08:00: to Thursday 08:00.
    assert forwarded.due_at == make.at("2024-06-06 08:00")
    run = StepRun.objects.get()
    assert (run.leg, run.due_at) == (forwarded, forwarded.due_at)
    assert (dossier.held_by, dossier.officer, dossier.status) == (cast.district, cast.officer, 4)
    assert cast.district.pk in dossier.agency_ids


def test_until_acknowledged_it_is_in_the_senders_hand_but_the_receiver_sees_it() -> None:
    cast = Cast()
    dossier = cast.office.history(("send", "2024-06-03 10:00", {"to_agency": cast.district}))
    assert dossier.held_by == cast.commune
    assert Leg.objects.count() == 1
    assert Dossier.objects.visible_to(cast.officer).get() == dossier


def test_sending_back_ends_the_forwarded_leg_not_the_lodged_one() -> None:
    cast = Cast()
    dossier = cast.at_district()
    dossier = cast.office.do(
        "send",
        dossier,
        make.at("2024-06-05 16:00"),
        actor=cast.officer,
        to_agency=cast.commune,
    )
    lodged, forwarded = cast.legs()
    assert (forwarded.ended_at, forwarded.outcome) == (make.at("2024-06-05 16:00"), "early")
    assert lodged.ended_at is None
    dossier = cast.office.do("acknowledge", dossier, make.at("2024-06-06 08:00"))
    assert dossier.held_by == cast.commune
    assert Leg.objects.count() == 2
    assert [run.done_at for run in StepRun.objects.order_by("pk")] == [
        make.at("2024-06-05 16:00"),
        None,
    ]


def test_each_leg_has_its_own_outcome_when_the_dossier_ends() -> None:
    cast = Cast()
    cast.office.do("finish", cast.at_district(), make.at("2024-06-07 09:00"), actor=cast.officer)
    lodged, forwarded = cast.legs()
    assert (lodged.outcome, forwarded.outcome) == ("early", "overdue")
    assert lodged.ended_at == forwarded.ended_at
    for leg in (lodged, forwarded):
        assert spans_of(leg) == timeline_of(leg)


def test_a_supplement_stops_every_open_leg() -> None:
    cast = Cast()
    dossier = cast.office.do(
        "supplement", cast.at_district(), make.at("2024-06-05 08:00"), actor=cast.officer
    )
    assert [leg.due_at for leg in cast.legs()] == [None, None]
    cast.office.do("supplemented", dossier, make.at("2024-06-07 08:00"), actor=cast.officer)
    lodged, forwarded = cast.legs()
    assert lodged.due_at == make.at("2024-06-12 17:00")
    assert forwarded.due_at == make.at("2024-06-10 08:00")
    for leg in (lodged, forwarded):
        assert spans_of(leg) == timeline_of(leg)


def test_without_a_step_the_leg_is_due_with_the_dossier_and_moves_with_it() -> None:
    cast = Cast()
    dossier = cast.office.history(
        ("send", "2024-06-03 10:00", {"to_agency": cast.district}),
        ("acknowledge", "2024-06-04 08:00", {"actor": cast.officer}),
    )
    assert cast.legs()[1].due_at == dossier.due_at
    leader = make.staff(cast.district, Role.LEADER)
    later = make.at("2024-06-17 17:00")
    cast.office.do("extend", dossier, make.at("2024-06-05"), actor=leader, new_due_at=later)
    assert [leg.due_at for leg in cast.legs()] == [later, later]
    for leg in cast.legs():
        assert spans_of(leg) == timeline_of(leg)


def test_inside_one_body_no_leg_is_opened() -> None:
    cast = Cast(interagency="none")
    department = make.agency(kind=Kind.DEPARTMENT, committee=cast.district, level=Level.DISTRICT)
    counter = make.agency(committee=cast.district, level=Level.DISTRICT)
    place = Office(counter, make.staff(counter, Role.CLERK, Role.LEADER), cast.office.version)
    place.history(
        ("send", "2024-06-03 10:00", {"to_agency": department}),
        ("acknowledge", "2024-06-03 11:00", {"actor": make.staff(department)}),
    )
    leg = Leg.objects.get()
    assert leg.agency == cast.district
    assert StepRun.objects.get().leg == leg


def test_any_boundary_intake_goes_to_the_competent_agency_without_a_second_leg() -> None:
    here = make.agency()
    province = make.agency(level=Level.PROVINCE)
    near = make.agency(parent=province)
    place = Office(near, make.staff(near), make.version(posted_at=province))
    place.history(
        ("send", "2024-06-03 10:00", {"to_agency": province}),
        ("acknowledge", "2024-06-03 11:00", {"actor": make.staff(province)}),
    )
    assert Leg.objects.get().agency == province
    assert here.pk not in Dossier.objects.get().agency_ids


def test_on_to_a_third_body_ends_the_second_ones_leg() -> None:
    cast = Cast()
    third = make.agency(level=Level.DISTRICT)
    dossier = cast.office.do(
        "send",
        cast.at_district(),
        make.at("2024-06-05 08:00"),
        actor=cast.officer,
        to_agency=third,
    )
    cast.office.do("acknowledge", dossier, make.at("2024-06-05 09:00"), actor=make.staff(third))
    legs = list(Leg.objects.order_by("position"))
    assert [(leg.agency, leg.ended_at is None) for leg in legs] == [
        (cast.commune, True),
        (cast.district, False),
        (third, True),
    ]


def test_colleagues_pass_it_on_inside_their_office() -> None:
    cast = Cast()
    colleague = make.staff(cast.district, Role.OFFICER)
    dossier = cast.office.do(
        "send",
        cast.at_district(),
        make.at("2024-06-05 08:00"),
        actor=cast.officer,
        to_agency=cast.district,
        to_officer=colleague,
        step=cast.office.version.steps.get(position=2),
    )
    dossier = cast.office.do("acknowledge", dossier, make.at("2024-06-05 08:30"), actor=colleague)
    assert dossier.officer == colleague
    assert Leg.objects.count() == 2
    assert StepRun.objects.latest("pk").leg == cast.legs()[1]
    assert StepRun.objects.latest("pk").due_at == make.at("2024-06-06 08:30")


def test_a_result_travels_back_without_any_clock() -> None:
    cast = Cast()
    dossier = cast.office.do(
        "finish", cast.at_district(), make.at("2024-06-05 08:00"), actor=cast.officer
    )
    dossier = cast.office.do(
        "send", dossier, make.at("2024-06-05 09:00"), actor=cast.officer, to_agency=cast.commune
    )
    dossier = cast.office.do("acknowledge", dossier, make.at("2024-06-06 08:00"))
    assert (dossier.status, dossier.held_by) == (9, cast.commune)
    assert Leg.objects.count() == 2


def test_a_result_handed_over_on_its_way_waits_nowhere() -> None:
    cast = Cast()
    dossier = cast.office.history(
        ("finish", "2024-06-04"),
        ("send", "2024-06-04", {"to_agency": cast.district}),
        ("hand_over", "2024-06-05"),
    )
    assert dossier.status == 10
    assert StepRun.objects.get().done_at == make.at("2024-06-05")


def test_wrong_hand_overs_are_refused() -> None:
    cast = Cast()
    dossier = cast.office.dossier()
    later = make.at("2024-06-04 08:00")
    strange_step = make.version(steps=(8,)).steps.get()
    closed = make.agency(valid_to=make.NOW.date())
    for refusal, given in (
        (errors.HandOverInvalid, {"to_agency": cast.commune}),
        (errors.HandOverInvalid, {"to_agency": cast.district, "step": strange_step}),
        (errors.HandOverInvalid, {"to_agency": cast.district, "to_officer": make.user()}),
        (errors.AgencyClosed, {"to_agency": closed}),
    ):
        with pytest.raises(refusal):
            cast.office.do("send", dossier, later, **given)
    with pytest.raises(errors.MoveNotAllowed):
        cast.office.do("acknowledge", dossier, later)
    dossier = cast.office.do("send", dossier, later, to_agency=cast.district)
    with pytest.raises(errors.HandOverInvalid):
        cast.office.do("send", dossier, later, to_agency=make.agency())
    with pytest.raises(errors.OutOfScope):
        cast.office.do("acknowledge", dossier, later)


def test_the_sender_takes_back_what_nobody_acknowledged() -> None:
    cast = Cast()
    dossier = cast.office.history(("send", "2024-06-03 10:00", {"to_agency": cast.district}))
    with pytest.raises(errors.OutOfScope):
        cast.office.do("recall", dossier, make.at("2024-06-03 11:00"), actor=cast.officer)
    dossier = cast.office.do("recall", dossier, make.at("2024-06-03 11:00"))
    assert (dossier.held_by, dossier.status) == (cast.commune, 2)
    run = StepRun.objects.get()
    assert (run.acknowledged_at, run.done_at) == (None, make.at("2024-06-03 11:00"))
    with pytest.raises(errors.MoveNotAllowed):
        cast.office.do("recall", dossier, make.at("2024-06-03 12:00"))
    with pytest.raises(errors.MoveNotAllowed):
        cast.office.do("acknowledge", dossier, make.at("2024-06-03 12:00"), actor=cast.officer)


def test_after_recalling_the_senders_step_and_leg_go_on() -> None:
    cast = Cast()
    sent = make.at("2024-06-05 08:00")
    dossier = cast.office.do(
        "send", cast.at_district(), sent, actor=cast.officer, to_agency=cast.commune
    )
    assert cast.legs()[1].outcome == "early"
    dossier = cast.office.do("recall", dossier, make.at("2024-06-05 09:00"), actor=cast.officer)
    forwarded = cast.legs()[1]
    assert (forwarded.ended_at, forwarded.outcome) == (None, "")
    assert forwarded.due_at == make.at("2024-06-06 08:00")
    first, second = StepRun.objects.order_by("pk")
    assert (first.done_at, second.done_at) == (None, make.at("2024-06-05 09:00"))
    cast.office.do("finish", dossier, make.at("2024-06-05 10:00"), actor=cast.officer)
    assert [leg.outcome for leg in cast.legs()] == ["early", "early"]


def test_a_leg_that_was_away_waited_for_the_supplement_too() -> None:
    cast = Cast()
    dossier = cast.at_district()
    dossier = cast.office.do(
        "send",
        dossier,
        make.at("2024-06-05 08:00"),
        actor=cast.officer,
        to_agency=cast.commune,
    )
    dossier = cast.office.do("supplement", dossier, make.at("2024-06-05 09:00"))
    dossier = cast.office.do("supplemented", dossier, make.at("2024-06-07 09:00"))
    cast.office.do("recall", dossier, make.at("2024-06-07 10:00"), actor=cast.officer)
    # Two working days of eight hours between Wednesday nine and Friday nine.
    assert cast.legs()[1].due_at == make.at("2024-06-10 08:00")


def test_a_result_on_its_way_is_recalled_without_any_clock() -> None:
    cast = Cast()
    dossier = cast.office.history(
        ("finish", "2024-06-04"),
        ("send", "2024-06-04", {"to_agency": cast.district}),
        ("recall", "2024-06-05"),
    )
    assert (dossier.status, dossier.held_by) == (9, cast.commune)
    assert Leg.objects.get().ended_at == make.at("2024-06-04")

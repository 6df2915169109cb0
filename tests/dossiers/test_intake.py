"""Taking in: what is written, what is refused, what a second click does."""

from dataclasses import replace
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from agencies.models import Role
from dossiers import errors, intake
from dossiers.intake import ComponentGiven
from dossiers.models import (
    ClockSpan,
    Dossier,
    DossierCounter,
    DossierEvent,
    Leg,
    Party,
    Status,
    TallyDelta,
)
from dossiers.secrets import decrypt
from procedures.errors import NotPosted
from tests import make

pytestmark = pytest.mark.django_db
NUMBER = "051203000123"


def test_a_dossier_gets_its_code_its_due_date_and_its_first_leg() -> None:
    commune = make.agency(code="000.17.22.H56")
    clerk = make.staff(commune)
    version = make.version(posted_at=commune, components=3, fee_vnd=100_000)
    holder = make.person("Hồ Thị Bưởi", citizen_id=NUMBER, phone="+84 905 123 456")
    dossier = intake.accept(
        make.request(commune, version, holder=holder, summary="Đăng ký"),
        officer=clerk,
        now=make.NOW,
    )
    dossier.refresh_from_db()
    assert dossier.code == "000.17.22.H56-240603-0001"
    assert dossier.status == Status.ACCEPTED
    assert dossier.due_at == dossier.original_due_at == make.at("2024-06-10 17:00")
    assert dossier.lapses_at == make.at("2024-06-11")
    assert dossier.holder_name == "Hồ Thị Bưởi"
    assert dossier.components.count() == 3
    assert dossier.fees.get().amount_vnd == 100_000
    leg = Leg.objects.get()
    assert (leg.agency, leg.is_forwarded, leg.due_at) == (commune, False, dossier.due_at)
    assert leg.block == version.field.block
    span = ClockSpan.objects.get()
    assert (span.in_force.lower, span.in_force.upper) == (make.NOW, None)
    event = DossierEvent.objects.get()
    assert (event.act, event.actor, event.to_status) == ("accept", clerk, 2)
    assert {(one.measure, one.amount) for one in TallyDelta.objects.all()} == {
        ("received", 1),
        ("lapsed", 1),
    }
    party = Party.objects.get()
    assert decrypt(party.citizen_id_cipher or b"") == NUMBER
    assert decrypt(party.phone_cipher or b"") == "0905123456"


@pytest.mark.parametrize("components", [0, 1, 30])
def test_intake_takes_ten_statements_whatever_the_number_of_papers(
    components: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    commune = make.agency()
    clerk = make.staff(commune)
    version = make.version(posted_at=commune, components=components, fee_vnd=20_000)
    make.dossier(agency=commune, version=version, officer=clerk)  # the calendar is loaded
    wanted = make.request(
        commune,
        type(version).objects.get(pk=version.pk),
        holder=make.person(citizen_id=NUMBER),
        applicant=make.person("Trần Văn Dũng", citizen_id="051203000124"),
    )
    with django_assert_num_queries(10):
        intake.accept(wanted, officer=clerk, now=make.NOW)


def test_a_second_click_finds_the_first_dossier() -> None:
    commune = make.agency()
    clerk = make.staff(commune)
    wanted = make.request(commune, make.version(posted_at=commune, components=2))
    first = intake.accept(wanted, officer=clerk, now=make.NOW)
    assert intake.accept(wanted, officer=clerk, now=make.NOW) == first
    assert Dossier.objects.count() == 1
    assert DossierCounter.objects.get().last == 1


def test_the_first_dossier_is_found_even_when_the_version_has_ended_since() -> None:
    commune = make.agency()
    clerk = make.staff(commune)
    version = make.version(posted_at=commune, effective_to=date(2024, 6, 3))
    wanted = make.request(commune, version)
    first = intake.accept(wanted, officer=clerk, now=make.NOW)
    assert intake.accept(wanted, officer=clerk, now=make.at("2024-06-04")) == first


def test_a_key_with_other_content_is_refused() -> None:
    commune = make.agency()
    clerk = make.staff(commune)
    wanted = make.request(commune, make.version(posted_at=commune))
    intake.accept(wanted, officer=clerk, now=make.NOW)
    with pytest.raises(errors.KeyReplayed):
        intake.accept(replace(wanted, summary="Khác"), officer=clerk, now=make.NOW)
    assert Dossier.objects.count() == 1


def test_a_stranger_with_the_key_learns_nothing() -> None:
    commune, other = make.agency(), make.agency()
    version = make.version(posted_at=commune)
    wanted = make.request(commune, version)
    intake.accept(wanted, officer=make.staff(commune), now=make.NOW)
    with pytest.raises(errors.OutOfScope) as refusal:
        intake.accept(wanted, officer=make.staff(other), now=make.NOW)
    assert refusal.value.fields == {}


def test_the_same_key_at_another_agency_is_another_dossier() -> None:
    one, other = make.agency(), make.agency()
    version = make.version(posted_at=one)
    wanted = make.request(one, version)
    make_other = make.version(posted_at=other)
    intake.accept(wanted, officer=make.staff(one), now=make.NOW)
    intake.accept(
        replace(wanted, agency=other, version=make_other), officer=make.staff(other), now=make.NOW
    )
    assert Dossier.objects.count() == 2


def test_missing_required_papers_are_named() -> None:
    commune = make.agency()
    version = make.version(posted_at=commune, components=2)
    first, second = version.components.all()
    given = (ComponentGiven(first.pk, ""),)
    wanted = replace(make.request(commune, version), components=given)
    with pytest.raises(errors.MissingComponents, match="Giấy tờ 2") as refusal:
        intake.accept(wanted, officer=make.staff(commune), now=make.NOW)
    assert list(refusal.value.fields) == [f"component_{second.pk}"]
    assert Dossier.objects.count() == DossierCounter.objects.count() == 0


@pytest.mark.parametrize("role", [Role.REPORTER, Role.INSPECTOR, Role.ADMINISTRATOR])
def test_only_whoever_works_on_dossiers_takes_in(role: str) -> None:
    commune = make.agency()
    wanted = make.request(commune, make.version(posted_at=commune))
    with pytest.raises(errors.OutOfScope):
        intake.accept(wanted, officer=make.staff(commune, role), now=make.NOW)


def test_staff_of_the_committee_take_in_at_its_counter() -> None:
    commune = make.agency()
    counter = make.agency(committee=commune)
    dossier = intake.accept(
        make.request(counter, make.version(posted_at=commune)),
        officer=make.staff(commune),
        now=make.NOW,
    )
    assert (dossier.lodged_at, dossier.competent) == (counter, commune)
    assert dossier.legs.get().agency == commune
    assert dossier.agency_ids == sorted([counter.pk, commune.pk])


def test_cross_level_work_counts_where_it_was_lodged() -> None:
    district = make.agency(level="district")
    commune = make.agency(parent=district)
    version = make.version(posted_at=district, interagency="cross_level")
    dossier = make.dossier(agency=commune, version=version)
    assert dossier.competent == district
    assert dossier.legs.get().agency == commune


def test_a_version_out_of_force_is_refused() -> None:
    commune = make.agency()
    version = make.version(posted_at=commune, effective_to=date(2024, 6, 2))
    with pytest.raises(errors.VersionNotInForce):
        make.dossier(agency=commune, version=version)


def test_a_procedure_posted_nowhere_is_refused() -> None:
    with pytest.raises(NotPosted):
        make.dossier(version=make.version())


def test_a_closed_agency_takes_nothing_in() -> None:
    commune = make.agency(valid_to=date(2024, 6, 2))
    with pytest.raises(errors.AgencyClosed):
        make.dossier(agency=commune)


def test_a_paper_of_another_procedure_is_refused() -> None:
    commune = make.agency()
    version, other = make.version(posted_at=commune), make.version(components=1)
    given = (ComponentGiven(other.components.get().pk, ""),)
    with pytest.raises(errors.UnknownComponent):
        intake.accept(
            replace(make.request(commune, version), components=given),
            officer=make.staff(commune),
            now=make.NOW,
        )


def test_a_submission_after_its_acceptance_is_refused() -> None:
    commune = make.agency()
    version = make.version(posted_at=commune)
    later = make.at("2024-06-04")
    for channel in ("online", "direct"):
        wanted = make.request(commune, version, channel=channel, submitted_at=later)
        with pytest.raises(errors.SubmissionInvalid):
            intake.accept(wanted, officer=make.staff(commune), now=make.NOW)


def test_the_preview_is_the_due_date_of_the_acceptance() -> None:
    commune = make.agency()
    version = make.version(posted_at=commune)
    due, notes = intake.preview_due(version, commune, "direct", make.NOW)
    assert due.due_at == make.dossier(agency=commune, version=version).due_at
    assert sum(note.counts for note in notes) == 5


def test_events_and_deltas_hold_no_personal_data() -> None:
    make.dossier(holder=make.person("Hồ Văn Ất", citizen_id=NUMBER, phone="0905123456"))
    written = str([*DossierEvent.objects.values(), *TallyDelta.objects.values()])
    assert not any(word in written for word in ("Ất", NUMBER, "905123456"))

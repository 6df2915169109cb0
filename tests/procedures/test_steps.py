"""Steps of a version edited: sound graphs, drafts beside what is published, two administrators."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Kind, Level, Role, User
from procedures import step_drafting, step_forms
from procedures.errors import DraftInvalid, DraftTaken, NotCatalogueKeeper
from procedures.models import ProcedureVersion, Step
from procedures.rows import StepRow
from procedures.step_diagram import draw
from procedures.step_graph import Graph, limit, problems
from tests import make

TODAY = date(2024, 6, 3)
LATER = date(2024, 7, 1)
DAYS_5 = limit(5, "working_day")


def step(hours: str = "4", *leads_to: int, **fields: Any) -> StepRow:
    return StepRow("Bước", Role.OFFICER, Decimal(hours), leads_to=leads_to, **fields)


def told(*steps: StepRow) -> list[tuple[int, str]]:
    return [(each.position, each.field) for each in problems(steps, DAYS_5)]


def test_a_straight_row_and_branches_are_sound() -> None:
    assert told(step(), step(), step()) == []
    assert told(step("4", 2, 3), step("4", 4), step("4", 4), step()) == []
    assert told(step("4", 2, 0), step()) == []


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ([], [(0, "")]),
        ([step("4", 1)], [(1, "leads_to")]),
        ([step(), step("4", 1)], [(1, "leads_to"), (2, "leads_to")]),
        ([step("4", 3), step(), step()], [(2, "")]),
        ([step("4", 9)], [(1, "leads_to")]),
        ([step("41")], [(0, "")]),
        ([step("20", 2, 3), step("20", 4), step("2", 4), step("1")], [(0, "")]),
    ],
)
def test_what_is_not_sound_is_told_beside_its_field(
    steps: list[StepRow], wrong: list[tuple[int, str]]
) -> None:
    assert told(*steps) == wrong


def test_the_longest_way_counts() -> None:
    graph = Graph([step("8", 2, 3), step("16", 4), step("2", 4), step("8")])
    assert graph.longest == (Decimal(32), [1, 2, 4])


@pytest.mark.parametrize(
    ("value", "unit", "hours"),
    [(5, "working_day", 40), (6, "working_hour", 6), (14, "day", 80), (1, "month", 176)],
)
def test_limits_are_reckoned_in_working_hours(value: int, unit: str, hours: int) -> None:
    assert limit(value, unit).hours == hours


def test_a_limit_in_days_only_warns() -> None:
    found = problems([step("90")], limit(14, "day"))
    assert [each.is_warning for each in found] == [True]


def test_moved_steps_keep_where_they_lead() -> None:
    posted = {"count": "3", "do": "down-1"}
    for number, leads_to in enumerate(("2, 3", "3", ""), start=1):
        posted |= {f"{number}-name": f"B{number}", f"{number}-leads_to": leads_to}
    editor = step_forms.typed(posted)
    assert [(raw["name"], raw["leads_to"]) for raw in editor.raw] == [
        ("B2", "3"),
        ("B1", "1, 3"),
        ("B3", ""),
    ]
    without = step_forms.typed(posted | {"do": "remove-2"})
    assert [raw["leads_to"] for raw in without.raw] == ["2", ""]
    dragged = step_forms.typed(posted | {"do": "order", "order": "3,1,2"})
    assert [raw["name"] for raw in dragged.raw] == ["B3", "B1", "B2"]
    assert len(step_forms.typed(posted | {"do": "add"}).raw) == 4


def test_a_diagram_has_a_box_for_each_step_and_an_arrow_for_each_way() -> None:
    diagram = draw([step("4", 2, 3), step("4", 0), step()])
    assert len(diagram.boxes) == 3
    assert len(diagram.arrows) == 4


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune, components=2, fee_vnd=8000, steps=(8, 8))


@pytest.fixture
def keeper() -> User:
    return make.user(at=make.agency(level=Level.PROVINCE), role=Role.ADMINISTRATOR)


def begun(version: ProcedureVersion, keeper: User) -> ProcedureVersion:
    return step_drafting.begin(version.procedure, effective_from=LATER, actor=keeper, today=TODAY)


def saved(draft: ProcedureVersion, keeper: User, *steps: StepRow) -> ProcedureVersion:
    seen = step_drafting.fingerprint(draft)
    return step_drafting.save(
        draft, steps, effective_from=LATER, seen=seen, actor=keeper, today=TODAY
    )


@pytest.mark.django_db
def test_a_draft_is_a_copy_that_follows_when_published(
    version: ProcedureVersion, keeper: User
) -> None:
    draft = begun(version, keeper)
    assert begun(version, keeper) == draft
    assert (draft.components.count(), draft.fees.count(), draft.steps.count()) == (2, 1, 2)
    saved(draft, keeper, step("4", 2, 3), step("8"), step("4", office_kind=Kind.OFFICE))
    seen = step_drafting.fingerprint(draft)
    step_drafting.publish(draft, seen=seen, actor=keeper, today=TODAY)
    before, after = ProcedureVersion.objects.filter(procedure=version.procedure).order_by("number")
    assert (before.pk, before.effective_to) == (version.pk, date(2024, 6, 30))
    assert (after.status, after.effective_from, after.number) == ("published", LATER, 2)
    assert list(after.steps.values_list("leads_to", flat=True)) == [[2, 3], [], []]
    assert (after.components.count(), after.fees.get().amount_vnd) == (2, 8000)
    assert list(before.steps.values_list("working_hours", flat=True)) == [8, 8]


@pytest.mark.django_db
def test_what_is_not_sound_is_kept_as_a_draft_and_not_published(
    version: ProcedureVersion, keeper: User
) -> None:
    draft = saved(begun(version, keeper), keeper, step("4", 1))
    seen = step_drafting.fingerprint(draft)
    with pytest.raises(DraftInvalid, match="Quay vòng"):
        step_drafting.publish(draft, seen=seen, actor=keeper, today=TODAY)
    with pytest.raises(DraftInvalid, match="từ hôm nay"):
        step_drafting.publish(draft, seen=seen, actor=keeper, today=date(2024, 8, 1))
    assert Step.objects.get(version=draft).leads_to == [1]


@pytest.mark.django_db
def test_the_second_of_two_administrators_overwrites_nothing(
    version: ProcedureVersion, keeper: User
) -> None:
    draft = begun(version, keeper)
    seen = step_drafting.fingerprint(draft)
    saved(draft, keeper, step("2"))
    for act in (
        lambda: step_drafting.save(
            draft, [step("3")], effective_from=LATER, seen=seen, actor=keeper, today=TODAY
        ),
        lambda: step_drafting.publish(draft, seen=seen, actor=keeper, today=TODAY),
    ):
        with pytest.raises(DraftTaken):
            act()
    assert Step.objects.get(version=draft).working_hours == 2


@pytest.mark.django_db
def test_only_the_province_s_administrators_keep_the_catalogue(
    commune: Agency, version: ProcedureVersion
) -> None:
    province = make.agency(level=Level.PROVINCE)
    for stranger in (make.staff(province, Role.LEADER), make.staff(commune, Role.ADMINISTRATOR)):
        with pytest.raises(NotCatalogueKeeper):
            begun(version, stranger)


@pytest.mark.django_db
def test_an_office_that_nobody_has_is_a_warning(
    commune: Agency, version: ProcedureVersion, keeper: User
) -> None:
    make.agency(committee=commune, kind=Kind.OFFICE)
    steps = [step(office_kind=Kind.OFFICE), step(office_kind=Kind.LAND_REGISTRY)]
    found = step_drafting.judge(version, steps, TODAY)
    assert [(each.position, each.is_warning) for each in found] == [(2, True)]


@pytest.mark.django_db
def test_the_page_from_a_draft_to_its_publication(
    client: Client, version: ProcedureVersion, keeper: User, time_machine: Any
) -> None:
    time_machine.move_to(make.NOW)
    client.force_login(keeper)
    address = f"/thu-tuc/{version.procedure.code}/buoc/"
    assert client.get(address).status_code == 200
    client.post(f"{address}lap/", {"effective_from": "2024-07-01"})
    page = client.get(address)
    seen = page.context["seen"]
    typed = {"seen": seen, "count": "1", "effective_from": "2024-07-01", "1-name": "Thẩm định",
             "1-role": "officer", "1-working_hours": "8", "1-leads_to": "1"}  # fmt: skip
    looked = client.post(address, typed, headers={"HX-Request": "true"})
    assert "Quay vòng" in looked.content.decode()
    assert Step.objects.filter(name="Thẩm định").count() == 0
    refused = client.post(address, typed | {"do": "publish"})
    assert refused.status_code == 422
    fine = typed | {"do": "publish", "1-leads_to": "", "seen": refused.context["seen"]}
    assert client.post(address, fine).status_code == 302
    assert ProcedureVersion.objects.get(number=2).status == "published"


@pytest.mark.django_db
def test_the_editor_costs_few_queries(
    client: Client,
    version: ProcedureVersion,
    keeper: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    begun(version, keeper)
    client.force_login(keeper)
    address = f"/thu-tuc/{version.procedure.code}/buoc/"
    client.get(address)
    with django_assert_num_queries(9):
        client.get(address)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.CLERK, Role.ADMINISTRATOR])
def test_a_commune_finds_no_editor(client: Client, version: ProcedureVersion, role: str) -> None:
    client.force_login(make.staff(make.agency(), role))
    shown = client.get(f"/thu-tuc/{version.procedure.code}/").content.decode()
    address = f"/thu-tuc/{version.procedure.code}/buoc/"
    assert address not in shown
    assert [client.get(address).status_code, client.post(f"{address}lap/").status_code] == [403] * 2

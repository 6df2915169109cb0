"""Published versions are frozen by the database; drafts are not."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from procedures.models import Component, FeeRate, Posting, ProcedureVersion, Step
from tests import make

pytestmark = pytest.mark.django_db


def test_only_the_end_of_a_published_version_may_change() -> None:
    version = make.version()
    version.effective_to = date(2024, 12, 31)
    version.save()
    version.refresh_from_db()
    assert version.effective_to == date(2024, 12, 31)
    for change in (
        {"name": "Tên khác"},
        {"limit_value": 9},
        {"status": "draft"},
        {"levels": ["district"]},
        {"is_checked": True},
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            ProcedureVersion.objects.filter(pk=version.pk).update(**change)


def test_a_published_version_is_not_deleted_and_a_draft_is() -> None:
    version = make.version()
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        version.delete()
    draft = make.version(components=("Tờ khai",), status="draft")
    draft.delete()
    assert not Component.objects.exists()


def _add_component(version: ProcedureVersion) -> object:
    return Component.objects.create(version=version, position=9, name="Giấy khác")


def _add_step(version: ProcedureVersion) -> object:
    return Step.objects.create(
        version=version, position=9, name="Bước khác", role="clerk", working_hours=1
    )


def _add_fee(version: ProcedureVersion) -> object:
    return FeeRate.objects.create(version=version, name="Phí khác", amount_vnd=1)


@pytest.mark.parametrize("add", [_add_component, _add_step, _add_fee])
def test_parts_are_added_to_drafts_only(add: Callable[[ProcedureVersion], object]) -> None:
    add(make.version(status="draft"))
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        add(make.version())


def test_a_part_of_a_published_version_neither_changes_nor_moves_nor_goes() -> None:
    version, draft = make.version(components=("Tờ khai",)), make.version(status="draft")
    parts = Component.objects.filter(version=version)
    for change in ({"name": "Giấy khác"}, {"version": draft}):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            parts.update(**change)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        parts.delete()


def test_published_versions_of_a_procedure_do_not_overlap() -> None:
    first = make.version(effective_to=date(2024, 6, 30))
    make.version(procedure=first.procedure, number=2, effective_from=date(2024, 7, 1))
    with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
        make.version(procedure=first.procedure, number=3, effective_from=date(2025, 1, 1))
    make.version(
        procedure=first.procedure, number=3, effective_from=date(2025, 1, 1), status="draft"
    )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"effective_to": date(2022, 1, 1)}, "version_ends_after_start"),
        ({"limit_value": 0}, "version_has_a_limit"),
        ({"limit_unit": "week"}, "version_limit_unit_known"),
        ({"status": "secret"}, "version_status_known"),
    ],
)
def test_a_version_keeps_its_rules(fields: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make.version(**fields)


def test_parts_keep_their_places_and_rules() -> None:
    draft = make.version(components=("Tờ khai",), status="draft")
    _add_step(draft), _add_fee(draft)
    with pytest.raises(IntegrityError, match="component_placed_once"), transaction.atomic():
        Component.objects.create(version=draft, position=1, name="Giấy khác")
    with pytest.raises(IntegrityError, match="step_placed_once"), transaction.atomic():
        _add_step(draft)
    with pytest.raises(IntegrityError, match="fee_rated_once"), transaction.atomic():
        _add_fee(draft)
    with pytest.raises(IntegrityError, match="step_takes_time"), transaction.atomic():
        Step.objects.create(version=draft, position=2, name="-", role="clerk", working_hours=0)


def test_a_version_is_posted_at_an_agency_once_and_ends_after_it_begins() -> None:
    agency, version = make.agency(), make.version()
    make.posting(agency, version)
    with pytest.raises(IntegrityError, match="posting_made_once"), transaction.atomic():
        make.posting(agency, version)
    with pytest.raises(IntegrityError, match="posting_ends_after_start"), transaction.atomic():
        make.posting(make.agency(), version, until=date(2022, 1, 1))
    assert Posting.objects.count() == 1

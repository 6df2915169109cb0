"""Which agency is competent: by posting, from where the dossier was lodged upwards."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Kind, Level
from procedures.competence import competent_agency
from procedures.errors import NotPosted
from procedures.models import Posting
from procedures.posting import post_procedures
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2024, 4, 26)


@pytest.fixture
def district() -> Agency:
    province = make.agency(level=Level.PROVINCE, name="UBND tỉnh")
    return make.agency(level=Level.DISTRICT, parent=province, name="UBND huyện")


@pytest.fixture
def commune(district: Agency) -> Agency:
    return make.agency(parent=district)


def test_the_agency_that_posts_it_itself(
    commune: Agency, district: Agency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = make.version(levels=["commune", "district"])
    post_procedures([version])
    counter = make.agency(committee=commune, name="Bộ phận Một cửa")
    with django_assert_num_queries(2):
        assert competent_agency(version, counter, DAY) == commune
    assert competent_agency(version, commune, DAY) == commune
    assert competent_agency(version, district, DAY) == district


def test_the_level_above_when_the_commune_does_not_post_it(
    commune: Agency, district: Agency
) -> None:
    version = make.version(levels=["district"])
    post_procedures([version])
    counter = make.agency(committee=commune, name="Bộ phận Một cửa")
    assert competent_agency(version, counter, DAY) == district


def test_a_department_of_the_level_above(commune: Agency, district: Agency) -> None:
    version = make.version(levels=["district"])
    department = make.agency(committee=district, kind=Kind.DEPARTMENT, level=Level.DISTRICT)
    make.posting(department, version)
    assert competent_agency(version, commune, DAY) == department


def test_refuses_when_nobody_posts_it_that_day(commune: Agency) -> None:
    version = make.version()
    post_procedures([version], [commune], since=date(2024, 5, 1))
    with pytest.raises(NotPosted):
        competent_agency(version, commune, DAY)
    Posting.objects.update(since=date(2024, 1, 1), until=date(2024, 4, 25))
    with pytest.raises(NotPosted):
        competent_agency(version, commune, DAY)


def test_a_stale_posting_leaves_the_agency_competent(commune: Agency) -> None:
    old = make.version(effective_to=date(2023, 12, 31))
    new = make.version(procedure=old.procedure, number=2, effective_from=date(2024, 1, 1))
    make.posting(commune, old)
    assert competent_agency(new, commune, DAY) == commune


def test_posting_covers_the_days_on_which_both_are_valid_and_repeats_harmlessly() -> None:
    closed = make.agency(valid_to=date(2025, 6, 30))
    make.agency(level=Level.DISTRICT)
    version = make.version(effective_from=date(2024, 1, 1))
    make.version(effective_from=date(2025, 7, 1))
    assert post_procedures() == 1
    assert post_procedures() == 0
    posting = Posting.objects.get()
    assert (posting.agency, posting.version) == (closed, version)
    assert (posting.since, posting.until) == (date(2024, 1, 1), date(2025, 6, 30))

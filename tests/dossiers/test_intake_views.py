"""Taking a dossier in through the browser, with and without JavaScript."""

import unicodedata
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Role, User
from dossiers.models import Dossier, StoredPaper
from procedures.models import ProcedureVersion
from tests import make
from tests.dossiers.intake_form import address, typed
from tests.pages import SIGNED_IN, SIGNED_IN_BEFORE

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune, components=("Tờ khai", "Giấy chứng sinh"), fee_vnd=8000)


@pytest.fixture
def clerk(client: Client, commune: Agency) -> Client:
    client.force_login(make.user(at=commune))
    return client


def test_a_procedure_is_found_without_accents(clerk: Client, version: ProcedureVersion) -> None:
    text = clerk.get("/tiep-nhan/", {"q": "khai sinh dang"}).content.decode()
    assert address(version) in text
    part = clerk.get("/tiep-nhan/", {"q": "khai"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "Không có thủ tục nào" in clerk.get("/tiep-nhan/", {"q": "xyz"}).content.decode()


def test_the_form_shows_the_papers_the_fee_and_the_due_date(
    clerk: Client, version: ProcedureVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    clerk.get(address(version))  # the calendar is read once per process
    # version, components, counters, drafts, competence (2), a calendar, fees
    with time_machine.travel(make.NOW, tick=False), django_assert_num_queries(SIGNED_IN + 7):
        text = clerk.get(address(version)).content.decode()
    assert "Giấy chứng sinh" in text
    assert "8.000 đồng" in text
    assert "17:00 ngày 10/06/2024" in text
    assert "Vì sao hẹn ngày này" in text


def test_the_due_date_follows_the_choices(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    due = f"{address(version)}hen-tra/"
    with time_machine.travel(make.NOW, tick=False):
        part = clerk.get(due, {"agency": str(commune.pk), "channel": "online"}).content.decode()
        assert "17:00 ngày 10/06/2024" in part
        assert "<html" not in part
        for wrong in ({"agency": str(make.agency().pk)}, {"agency": "x"}):
            answer = clerk.get(due, {"channel": "direct", **wrong}).content.decode()
            assert "Chưa chọn nơi tiếp nhận" in answer
        answer = clerk.get(due, {"agency": str(commune.pk), "channel": "pigeon"}).content.decode()
        assert "Kênh tiếp nhận không hợp lệ" in answer


def test_a_dossier_is_taken_in_and_shown(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    fields = typed(version, commune, others="Ảnh 4x6\n\nBản đồ", summary="Khai sinh cho con")
    with time_machine.travel(make.NOW, tick=False):
        response = clerk.post(address(version), fields)
        dossier = Dossier.objects.get()
        assert response.status_code == 302
        assert response["Location"] == f"/tiep-nhan/xong/{dossier.public_id}/"
        done = clerk.get(response["Location"]).content.decode()
        page = clerk.get(dossier.get_absolute_url()).content.decode()
    assert f"Đã tiếp nhận hồ sơ {dossier.code}" in done
    assert dossier.get_absolute_url() in done
    assert "Khai sinh cho con" in page
    names = list(dossier.components.values_list("name", flat=True))
    assert names == ["Tờ khai", "Giấy chứng sinh", "Ảnh 4x6", "Bản đồ"]


def test_someone_else_may_bring_it(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    fields = typed(version, commune, capacity="authorised")
    response = clerk.post(address(version), fields | {"applicant-kind": "person"})
    assert response.status_code == 422
    assert "name" in response.context["forms"].applicant.errors
    fields |= {"applicant-kind": "person", "applicant-name": "Trần Văn Cò"}
    assert clerk.post(address(version), fields).status_code == 302
    dossier = Dossier.objects.get()
    assert dossier.capacity == "authorised"
    assert dossier.applicant is not None
    assert dossier.applicant.name == "Trần Văn Cò"


def test_for_an_organisation_the_representative_may_be_named(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    fields = typed(version, commune, capacity="organisation")
    company = {"holder-kind": "organisation", "holder-citizen_id": "0100109106"}
    refused = clerk.post(address(version), fields)  # a person is no organisation
    assert refused.status_code == 422
    assert clerk.post(address(version), fields | company).status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.capacity, dossier.applicant) == ("organisation", None)
    named = {"applicant-kind": "person", "applicant-name": "Trần Văn Cò"}
    again = fields | company | named | {"intake_key": str(uuid4()), "capacity": "own"}
    clerk.post(address(version), again | {"capacity": "organisation"})
    assert Dossier.objects.exclude(applicant=None).count() == 1


def test_the_clerk_who_helps_is_on_record(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    assert clerk.post(address(version), typed(version, commune, capacity="assisted"))
    dossier = Dossier.objects.get()
    assert (dossier.capacity, dossier.channel) == ("assisted", "online")
    assert dossier.assisted_by == dossier.officer


def test_a_second_click_finds_the_first_dossier(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    fields = typed(version, commune)
    first, second = (clerk.post(address(version), fields) for _ in range(2))
    assert first["Location"] == second["Location"]
    other = clerk.post(address(version), fields | {"holder-name": "Người khác"})
    assert other.status_code == 422
    assert "đã được dùng cho một hồ sơ khác" in other.content.decode()
    assert Dossier.objects.count() == 1


def test_missing_papers_are_named_beside_their_boxes(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    fields = typed(version, commune)
    paper = version.components.all()[1]
    del fields[f"component_{paper.pk}"]
    response = clerk.post(address(version), fields)
    assert response.status_code == 422
    assert set(response.context["forms"].main.errors) == {f"component_{paper.pk}"}
    assert "Giấy tờ bắt buộc, chưa nộp." in response.content.decode()
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("change", "form", "field"),
    [
        ({"holder-name": "  "}, "holder", "name"),
        ({"holder-citizen_id": "12"}, "holder", "citizen_id"),
        ({"holder-phone": "abc"}, "holder", "phone"),
        ({"holder-kind": "ghost"}, "holder", "kind"),
        ({"holder-email": "x"}, "holder", "email"),
        ({"channel": "pigeon"}, "main", "channel"),
        ({"agency": "0"}, "main", "agency"),
        ({"intake_key": "x"}, "main", "intake_key"),
        ({"channel": "direct", "submitted_at": "2024-06-01T08:00"}, "main", "__all__"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    clerk: Client,
    version: ProcedureVersion,
    commune: Agency,
    change: dict[str, str],
    form: str,
    field: str,
) -> None:
    response = clerk.post(address(version), typed(version, commune) | change)
    assert response.status_code == 422
    assert field in getattr(response.context["forms"], form).errors
    assert not Dossier.objects.exists()


def test_an_agency_of_others_cannot_be_chosen(clerk: Client, version: ProcedureVersion) -> None:
    response = clerk.post(address(version), typed(version, make.agency()))
    assert response.status_code == 422
    assert "agency" in response.context["forms"].main.errors


def test_only_those_who_take_in_may_come_here(client: Client, version: ProcedureVersion) -> None:
    paths = ["/tiep-nhan/", address(version), f"{address(version)}hen-tra/"]
    assert [client.get(path).status_code for path in paths] == [302, 302, 302]
    for stranger in (make.user(), make.user(at=make.agency(), role=Role.INSPECTOR)):
        client.force_login(stranger)
        assert [client.get(path).status_code for path in paths] == [403, 403, 403]
    client.force_login(make.user(at=make.agency()))
    assert client.get("/tiep-nhan/9.999999/").status_code == 404


def test_names_are_kept_in_one_spelling_without_control_characters(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    decomposed = unicodedata.normalize("NFD", "  Nguyễn\u200b Thị \x00Én ")
    clerk.post(address(version), typed(version, commune, **{"holder-name": decomposed}))
    assert Dossier.objects.get().holder_name == "Nguyễn Thị Én"


def test_an_odd_number_is_no_wall(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    odd = {"holder-citizen_id": "C 1234 5678", "holder-phone": "+1 202 555 0101"}
    assert clerk.post(address(version), typed(version, commune, **odd)).status_code == 302


def test_the_chooser_begins_with_what_the_counter_takes_most(
    clerk: Client, commune: Agency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cache.clear()
    often, seldom = (make.version(posted_at=commune, name=name) for name in ("Thường", "Ít"))
    for version in (seldom, often, often):
        make.dossier(agency=commune, version=version)
    with time_machine.travel(make.NOW, tick=False):
        text = clerk.get("/tiep-nhan/").content.decode()
        assert text.index(address(often)) < text.index(address(seldom))
        # counters, versions, drafts; the counts are kept for an hour
        with django_assert_num_queries(SIGNED_IN_BEFORE + 3):
            clerk.get("/tiep-nhan/")


def test_the_page_after_the_answer_is_of_the_unit_alone(client: Client) -> None:
    dossier = make.dossier()
    client.force_login(make.user(at=make.agency()))
    assert client.get(f"/tiep-nhan/xong/{dossier.public_id}/").status_code == 404


def test_taking_in_takes_few_statements(
    clerk: Client,
    version: ProcedureVersion,
    commune: Agency,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    clerk.post(address(version), typed(version, commune))
    with django_assert_num_queries(SIGNED_IN_BEFORE + 14):
        clerk.post(address(version), typed(version, commune))


def test_a_paper_of_the_store_is_used_again_while_it_is_ticked(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    clerk.post(address(version), typed(version, commune))
    first = Dossier.objects.get()
    paper = StoredPaper.objects.create(
        party=first.holder,
        kind="result",
        name="Giấy khai sinh",
        file=make.upload(User.objects.get(), retention="dossier"),
        dossier=first,
        stored_at=make.NOW,
    )
    key = f"component_{version.components.all()[0].pk}"
    fields = typed(version, commune, **{f"{key}_reused": paper.public_id})
    unticked = {name: value for name, value in fields.items() if name != key}
    assert clerk.post(address(version), unticked).status_code == 422  # missing then
    assert clerk.post(address(version), fields).status_code == 302
    reused = Dossier.objects.latest("pk").components.get(reused_from=paper)
    assert (reused.form, reused.file) == ("electronic", paper.file)

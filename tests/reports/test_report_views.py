"""The reporter's screens: draft, save, conflict, submission, building, files; closed to others."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Role, User
from reports import building, drafting
from reports.models import Report, ReportBuild
from tests import make
from tests.pages import SIGNED_IN_BEFORE
from tests.reports import desk
from tests.reports.desk import KIND, PERIOD, Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Desk:
    return desk.make_desk()


@pytest.fixture
def report(office: Desk) -> Report:
    return desk.draft(office)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_data(report: Report, **changed: str) -> dict[str, str]:
    """What the browser sends back when only `changed` was typed."""
    data = dict(report.narrative)
    bases = {f"base.{key}": drafting.fingerprint(text) for key, text in data.items()}
    return {**data, **bases, **changed}


def test_the_reporter_opens_a_draft(office: Desk) -> None:
    client = signed_in(office.reporter)
    given = {"kind": KIND, "agency": office.district.pk, "period": PERIOD, "calendar": "nd09"}
    answer = client.post(reverse("reports:new"), given)
    report = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, report.get_absolute_url())
    assert "Trà Bồng" in client.get(reverse("reports:list")).content.decode()


@pytest.mark.parametrize("period", ["2024", "2024-Q9", "2199-Q1", ""])
def test_a_wrong_period_is_told_in_the_form(office: Desk, period: str) -> None:
    given = {"kind": KIND, "agency": office.district.pk, "period": period, "calendar": "nd09"}
    answer = signed_in(office.reporter).post(reverse("reports:new"), given)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Report.objects.exists()


def test_another_agency_cannot_be_chosen(office: Desk) -> None:
    other = make.agency()
    given = {"kind": KIND, "agency": other.pk, "period": PERIOD, "calendar": "nd09"}
    assert signed_in(office.reporter).post(reverse("reports:new"), given).status_code == 422


def test_the_editor_shows_live_figures_and_what_is_blank(office: Desk, report: Report) -> None:
    page = signed_in(office.reporter).get(report.get_absolute_url()).content.decode()
    assert "đã tiếp nhận 3 hồ sơ" in page
    assert "còn để trống" in page
    assert "{{tiếp nhận}}" in page


def test_saving_brings_the_text_back(office: Desk, report: Report) -> None:
    client = signed_in(office.reporter)
    saved = client.post(
        reverse("reports:save", args=[report.public_id]),
        form_data(
            report,
            review="Đã rà soát {{tiếp nhận}} hồ sơ.\r\n- Một;",
            **{"paper.dated": "2024-06-17"},
        ),
    )
    assert saved.status_code == 302
    report.refresh_from_db()
    assert report.narrative["review"] == "Đã rà soát {{tiếp nhận}} hồ sơ.\n- Một;"
    assert report.narrative["paper.dated"] == "2024-06-17"
    assert "Đã lưu." in client.get(report.get_absolute_url()).content.decode()


def test_a_wrong_day_is_told_and_the_text_kept(office: Desk, report: Report) -> None:
    answer = signed_in(office.reporter).post(
        reverse("reports:save", args=[report.public_id]),
        form_data(report, review="Chữ mới.", **{"paper.dated": "31/02/2024"}),
    )
    assert answer.status_code == 422
    assert "Chữ mới." in answer.content.decode()


def test_markup_typed_as_text_is_printed_as_text(office: Desk, report: Report) -> None:
    client = signed_in(office.reporter)
    url = reverse("reports:save", args=[report.public_id])
    client.post(url, form_data(report, review="<script>alert(1)</script>"))
    assert "<script>alert" not in client.get(report.get_absolute_url()).content.decode()


def test_the_second_editor_sees_both_texts_and_can_save_again(office: Desk, report: Report) -> None:
    opened = form_data(report)
    url = reverse("reports:save", args=[report.public_id])
    second = signed_in(make.staff(office.district, Role.LEADER))
    signed_in(office.reporter).post(url, {**opened, "review": "Bản thứ nhất."})
    typed = {**opened, "review": "Bản thứ hai.", "strengths": "Ưu điểm mới."}
    refused = second.post(url, typed)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert all(text in page for text in ("Bản thứ nhất.", "Bản thứ hai.", "Ưu điểm mới."))
    report.refresh_from_db()
    assert report.narrative["review"] == "Bản thứ nhất."
    again = {**typed, **{field: _value(page, field) for field in ("base.review", "base.strengths")}}
    assert second.post(url, again).status_code == 302
    report.refresh_from_db()
    assert report.narrative["review"] == "Bản thứ hai."
    assert report.narrative["strengths"] == "Ưu điểm mới."


def _value(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def test_submission_freezes_the_page(office: Desk, report: Report) -> None:
    client = signed_in(office.reporter)
    url = reverse("reports:submit", args=[report.public_id])
    client.post(url, {"revision": "1"})
    assert "còn chỗ để trống" in client.get(report.get_absolute_url()).content.decode()
    desk.complete(report)
    assert client.post(url, {"revision": "1"}).status_code == 302
    report.refresh_from_db()
    assert report.status == Report.Status.SUBMITTED
    page = client.get(report.get_absolute_url()).content.decode()
    assert "<textarea" not in page
    assert "Đã trình" in page
    client.post(reverse("reports:save", args=[report.public_id]), form_data(report, review="x"))
    report.refresh_from_db()
    assert report.narrative["review"] != "x"


def test_a_build_is_followed_until_its_files_are_there(
    office: Desk,
    report: Report,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    client = signed_in(office.reporter)
    htmx = {"HX-Request": "true"}
    url = reverse("reports:build", args=[report.public_id])
    with django_capture_on_commit_callbacks() as callbacks:
        started = client.post(url, headers=htmx)
    build = ReportBuild.objects.get()
    progress = reverse("reports:progress", args=[build.public_id])
    assert started.status_code == 200
    assert f'hx-get="{progress}"' in started.content.decode()
    assert client.get(progress, headers=htmx).status_code == 200
    for callback in callbacks:
        callback()
    done = client.get(progress, headers=htmx)
    assert done.status_code == 286
    assert "hx-get" not in done.content.decode()
    for kind, magic in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        file = client.get(reverse("reports:file", args=[build.public_id, kind]))
        assert b"".join(file.streaming_content).startswith(magic)  # type: ignore[attr-defined]
        assert "attachment" in file["Content-Disposition"]
    assert client.get(reverse("reports:file", args=[build.public_id, "docx"])).status_code == 404


def test_strangers_get_nothing(office: Desk, report: Report) -> None:
    build = building.request(report, user=None, now=desk.NOW)
    stranger = signed_in(make.staff(make.agency(), Role.REPORTER))
    clerk = signed_in(make.staff(office.counter, Role.CLERK))
    citizen = signed_in(make.user())
    pages = {
        "report": report.public_id, "report_figures": report.public_id,
        "progress": build.public_id,
    }  # fmt: skip
    acts = {"save": report.public_id, "submit": report.public_id, "build": report.public_id}
    for client in (stranger, clerk, citizen, Client()):
        for name, public_id in pages.items():
            assert client.get(reverse(f"reports:{name}", args=[public_id])).status_code in {
                302,
                403,
                404,
            }
        for name, public_id in acts.items():
            url = reverse(f"reports:{name}", args=[public_id])
            assert client.post(url, {"revision": "1"}).status_code in {302, 403, 404}
        file = client.get(reverse("reports:file", args=[build.public_id, "pdf"]))
        assert file.status_code in {302, 403, 404}
    report.refresh_from_db()
    assert (report.status, report.revision) == (Report.Status.DRAFT, 1)
    assert ReportBuild.objects.count() == 1
    for client in (stranger, clerk):
        assert report.get_absolute_url() not in client.get(reverse("reports:list")).content.decode()


def test_a_superior_reads_but_does_not_write(office: Desk, report: Report) -> None:
    inspector = signed_in(make.staff(office.district.parent or office.district, Role.INSPECTOR))
    page = inspector.get(report.get_absolute_url())
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    saved = inspector.post(reverse("reports:save", args=[report.public_id]), form_data(report))
    assert saved.status_code == 403


def test_queries_do_not_grow(
    office: Desk, report: Report, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = signed_in(office.reporter)
    client.get(reverse("reports:list"))
    with django_assert_num_queries(SIGNED_IN_BEFORE + 7):
        client.get(reverse("reports:list"))
    for quarter in range(20):
        Report.objects.create(
            kind=KIND, agency=office.district, period=f"20{quarter:02}-Q1", created_at=desk.NOW
        )
    with django_assert_num_queries(SIGNED_IN_BEFORE + 7):
        client.get(reverse("reports:list"))
    with django_assert_num_queries(SIGNED_IN_BEFORE + 41):
        client.get(report.get_absolute_url())

"""Two editors lose nothing; what was submitted stays as it was."""

from dataclasses import replace

import pytest

from agencies.models import Role
from motcua import pdf
from reports import district_quarter, drafting, output, snapshot_taking
from reports.errors import (
    DraftChanged,
    KindUnknown,
    NotAQuarter,
    NotDraft,
    NotReady,
    NotReporter,
)
from reports.models import Report
from tests import make
from tests.reports import desk
from tests.reports.desk import KIND, NOW, PERIOD, Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Desk:
    return desk.make_desk()


def bases(report: Report) -> dict[str, str]:
    return {key: drafting.fingerprint(text) for key, text in report.narrative.items()}


def test_opening_twice_finds_the_first_draft(office: Desk) -> None:
    assert desk.draft(office).pk == desk.draft(office).pk
    assert "[điền:" in desk.draft(office).narrative["opening"]


def test_only_reporters_and_leaders_of_the_agency_open_a_draft(office: Desk) -> None:
    for stranger in (
        make.staff(office.counter, Role.CLERK),
        make.staff(make.agency(), Role.REPORTER),
        make.staff(office.district, Role.REPORTER, until=make.at("2024-01-01").date()),
    ):
        with pytest.raises(NotReporter):
            drafting.open_draft(KIND, office.district, PERIOD, "nd09", actor=stranger, now=NOW)
    assert not Report.objects.exists()


def test_refuses_other_kinds_and_periods(office: Desk) -> None:
    for kind, period, error in (
        ("nothing", PERIOD, KindUnknown),
        (KIND, "2024", NotAQuarter),
    ):
        with pytest.raises(error):
            drafting.open_draft(
                kind, office.district, period, "nd09", actor=office.reporter, now=NOW
            )


def test_saving_stores_what_was_typed(office: Desk) -> None:
    report = desk.draft(office)
    saved = drafting.save(
        report, {"review": "Đã rà soát."}, base=bases(report), actor=office.reporter, now=NOW
    )
    report.refresh_from_db()
    assert (report.narrative["review"], report.revision) == ("Đã rà soát.", 2)
    assert report.edited_by == office.reporter
    assert saved.from_others == []


def test_saving_what_nobody_changed_changes_nothing(office: Desk) -> None:
    report = desk.draft(office)
    drafting.save(report, report.narrative, base=bases(report), actor=office.reporter, now=NOW)
    report.refresh_from_db()
    assert report.revision == 1


def test_sections_of_two_editors_are_put_together(office: Desk) -> None:
    report, second = desk.draft(office), make.staff(office.district, Role.LEADER)
    opened = bases(report)
    first = {**report.narrative, "review": "Của người thứ nhất."}
    drafting.save(report, first, base=opened, actor=office.reporter, now=NOW)
    later = {**report.narrative, "strengths": "Của người thứ hai."}
    saved = drafting.save(report, later, base=opened, actor=second, now=NOW)
    report.refresh_from_db()
    assert report.narrative["review"] == "Của người thứ nhất."
    assert report.narrative["strengths"] == "Của người thứ hai."
    assert saved.from_others == ["review"]


def test_the_second_editor_of_a_section_is_told_and_nothing_is_lost(office: Desk) -> None:
    report, second = desk.draft(office), make.staff(office.district, Role.LEADER)
    opened = bases(report)
    drafting.save(report, {"review": "Một."}, base=opened, actor=office.reporter, now=NOW)
    with pytest.raises(drafting.EditConflict) as refused:
        drafting.save(
            report, {"review": "Hai.", "strengths": "Ba."}, base=opened, actor=second, now=NOW
        )
    assert refused.value.conflicts == [drafting.Conflict("review", "Một.", "Hai.")]
    assert str(office.reporter) in refused.value.message
    report.refresh_from_db()
    assert report.narrative["review"] == "Một."
    assert "Ba." not in report.narrative["strengths"]


def test_a_report_with_blanks_is_not_submitted(office: Desk) -> None:
    report = desk.draft(office)
    with pytest.raises(NotReady) as refused:
        drafting.submit(report, revision=1, actor=office.reporter, now=NOW)
    assert any("Mở đầu" in missing for missing in refused.value.missing)
    report.refresh_from_db()
    assert report.status == Report.Status.DRAFT


def test_an_unknown_figure_is_not_submitted(office: Desk) -> None:
    report = desk.complete(desk.draft(office))
    Report.objects.update(narrative={**report.narrative, "review": "{{không có}}"})
    with pytest.raises(NotReady) as refused:
        drafting.submit(report, revision=1, actor=office.reporter, now=NOW)
    assert refused.value.missing == [
        "1. Về rà soát, đánh giá thủ tục hành chính: không có số liệu tên “không có”."
    ]


def test_figures_that_do_not_add_up_are_not_submitted(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = desk.complete(desk.draft(office))
    taken = snapshot_taking.take(office.district, PERIOD, "nd09", NOW)
    broken = replace(taken, checks=({"rule": "c3=c7+c11", "ok": False, "detail": "3 ≠ 2 + 0"},))
    monkeypatch.setattr(snapshot_taking, "take", lambda *asked: broken)
    with pytest.raises(NotReady) as refused:
        drafting.submit(report, revision=report.revision, actor=office.reporter, now=NOW)
    assert refused.value.missing == ["Số liệu không khớp (c3=c7+c11): 3 ≠ 2 + 0."]


def test_submitting_an_older_revision_is_refused(office: Desk) -> None:
    report = desk.complete(desk.draft(office))
    drafting.save(report, {"review": "Mới."}, base=bases(report), actor=office.reporter, now=NOW)
    with pytest.raises(DraftChanged):
        drafting.submit(report, revision=1, actor=office.reporter, now=NOW)


def test_what_was_submitted_is_printed_the_same_after_new_dossiers(office: Desk) -> None:
    report = desk.complete(desk.draft(office))
    report = drafting.submit(report, revision=1, actor=office.reporter, now=NOW)
    assert report.snapshot is not None
    assert report.snapshot["definition_version"]
    before = printed(report)
    make.dossier(
        agency=office.counter, version=office.dossiers[0].version, now=make.at("2024-06-13 10:00")
    )
    later = make.at("2024-07-01 09:00")
    assert drafting.figures_of(report, later).once.c3 == 3
    assert printed(report) == before
    fresh = output.source_for(office.district, KIND, PERIOD, "nd09", later, draft=True)
    assert fresh.snapshot.once.c3 == 4


def printed(report: Report) -> bytes:
    source = output.source_of(report, NOW)
    paper = district_quarter.compose(
        source.snapshot, source.narrative, created=source.created, is_draft=source.is_draft
    )
    return pdf.render(district_quarter.html(paper))


def test_a_submitted_report_is_not_edited_nor_submitted_again(office: Desk) -> None:
    report = desk.complete(desk.draft(office))
    drafting.submit(report, revision=1, actor=office.reporter, now=NOW)
    with pytest.raises(NotDraft):
        drafting.save(report, {"review": "x"}, base={}, actor=office.reporter, now=NOW)
    with pytest.raises(NotDraft):
        drafting.submit(report, revision=1, actor=office.reporter, now=NOW)


def test_a_new_draft_after_submission_starts_from_its_text(office: Desk) -> None:
    report = desk.complete(desk.draft(office))
    drafting.submit(report, revision=1, actor=office.reporter, now=NOW)
    again = desk.draft(office)
    assert again.pk != report.pk
    assert again.narrative["paper.signer"] == "Nguyễn Văn Ước"


def test_a_draft_is_printed_as_one_and_a_running_quarter_as_an_estimate(office: Desk) -> None:
    now = make.at("2024-06-10 09:00")
    source = output.source_for(office.district, KIND, PERIOD, "nd09", now, draft=True)
    paper = district_quarter.compose(
        source.snapshot, source.narrative, created=now, is_draft=source.is_draft
    )
    assert "(DỰ THẢO)" in district_quarter.html(paper)
    assert "Kỳ báo cáo chưa kết thúc: số liệu ước đến hết ngày 10/6/2024." in paper.notes


def test_typed_markup_does_not_reach_the_paper(office: Desk) -> None:
    report = desk.draft(office)
    evil = {**report.narrative, "review": '<img src="http://x.y/"> <style>*{display:none}</style>'}
    Report.objects.update(narrative=evil)
    report.refresh_from_db()
    assert b"%PDF" in printed(report)

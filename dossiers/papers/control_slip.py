"""Phiếu kiểm soát quá trình giải quyết hồ sơ (Mẫu 05 of 2018, Mẫu 06 of 2025).

One row for each hand-over from office to office: who gave, who took, and whether the office that
took it was done early, in time or overdue by its own time for the step.
"""

from django.db.models import Prefetch
from django.utils import timezone

from dossiers.models import Outcome, SlipKind, StepRun
from dossiers.papers.content import Cell, Content, Field, Source, Table
from dossiers.papers.fields import HOLDER, REQUEST
from motcua.papers import moment

COLUMNS = ("Tên cơ quan", "Thời gian giao, nhận", "Kết quả giải quyết hồ sơ", "Ghi chú")
RUNS = Prefetch(
    "dossier__step_runs",
    StepRun.objects.select_related("agency", "sent_by", "officer", "step").order_by("pk"),
)
BLANK = "…… giờ …… phút, ngày ……/……/………"


def outcome(run: StepRun) -> str:
    """By whole days, as the dossier's own outcome is; nothing while the step runs."""
    if run.done_at is None or run.due_at is None:
        return ""
    if run.done_at > run.due_at:
        return str(Outcome.OVERDUE.label)
    is_earlier = timezone.localdate(run.done_at) < timezone.localdate(run.due_at)
    return str((Outcome.EARLY if is_earlier else Outcome.ON_TIME).label)


def _row(giver: str, run: StepRun) -> tuple[str | Cell, ...]:
    taken = moment(run.acknowledged_at) if run.acknowledged_at else BLANK
    times = Cell(
        (
            f"1. Giao: {moment(run.sent_at)}",
            f"Người giao: {run.sent_by or '……………'}",
            f"2. Nhận: {taken}",
            f"Người nhận: {run.officer if run.officer and run.acknowledged_at else '……………'}",
        )
    )
    note = "; ".join(text for text in (run.step.name if run.step else "", run.note) if text)
    return (Cell((f"Giao: {giver}", f"Nhận: {run.agency.name}")), times, outcome(run), note)


def _runs(source: Source) -> Table:
    giver, rows = source.dossier.lodged_at.name, []
    for run in source.dossier.step_runs.all():
        if run.acknowledged_at is None and run.done_at is not None:
            continue  # taken back before anybody took it
        rows.append(_row(giver, run))
        giver = run.agency.name
    return Table(COLUMNS, tuple(rows) or (_empty(source),))


def _empty(source: Source) -> tuple[str | Cell, ...]:
    """Nothing was passed on yet: a row to be filled by hand."""
    lines = ("1. Giao: " + BLANK, "Người giao: ……………", "2. Nhận: " + BLANK, "Người nhận: ……………")
    return (source.dossier.competent.name, Cell(lines), "", "")


def _others(source: Source) -> str:
    own = {source.dossier.competent_id, source.dossier.lodged_at_id}
    asked = [one.asked_of for one in source.dossier.opinions.all()]
    passed = [run.agency for run in source.dossier.step_runs.all()]
    names = {one.pk: one.name for one in (*asked, *passed) if one.pk not in own}
    return "; ".join(names.values()) or "không"


CONTENT = Content(
    kind=SlipKind.CONTROL_SLIP,
    fields=(
        HOLDER,
        REQUEST,
        Field("agency", "Cơ quan (bộ phận) giải quyết hồ sơ", lambda s: s.dossier.competent.name),
        Field("others", "Cơ quan phối hợp giải quyết hồ sơ", _others),
        Field("runs", "", _runs),
    ),
    signatures=lambda _: (),
    needs=(RUNS, "dossier__opinions__asked_of"),
)

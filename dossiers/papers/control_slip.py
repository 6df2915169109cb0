"""Phiếu kiểm soát quá trình giải quyết hồ sơ (Mẫu 05 of 2018, Mẫu 06 of 2025).

One row for each hand-over from office to office: who gave, who took, and whether the office that
took it was done early, in time or overdue by its own time for the step.
"""

from collections.abc import Sequence

from django.db.models import Prefetch

from dossiers.models import SlipKind, StepRun, Suspension
from dossiers.papers.content import Cell, Content, Field, Source, Table
from dossiers.papers.fields import HOLDER, REQUEST
from dossiers.step_clock import outcome_of
from motcua.papers import moment

COLUMNS = ("Tên cơ quan", "Thời gian giao, nhận", "Kết quả giải quyết hồ sơ", "Ghi chú")
RUNS = Prefetch(
    "dossier__step_runs",
    StepRun.objects.select_related("agency__calendar", "sent_by", "officer", "step").order_by("pk"),
)
BLANK = "…… giờ …… phút, ngày ……/……/………"


def _row(giver: str, run: StepRun, waits: Sequence[Suspension]) -> tuple[str | Cell, ...]:
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
    return (
        Cell((f"Giao: {giver}", f"Nhận: {run.agency.name}")),
        times,
        outcome_of(run, waits),
        note,
    )


def _runs(source: Source) -> Table:
    giver, rows = source.dossier.lodged_at.name, []
    waits = list(source.dossier.suspensions.all())
    for run in source.dossier.step_runs.all():
        if run.acknowledged_at is None and run.done_at is not None:
            continue  # taken back before anybody took it
        rows.append(_row(giver, run, waits))
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
    needs=(RUNS, "dossier__opinions__asked_of", "dossier__suspensions"),
)

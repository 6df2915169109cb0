"""The catalogue as a file: the columns of import_procedures, so that it can be read back."""

import csv
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from procedures.files import SHEET
from procedures.querysets import VersionQuerySet
from procedures.rows import OPTIONAL, REQUIRED, DecisionRow, StepRow, VersionRow
from procedures.storing import row_of

# fee_vnd is the short form of fees; the place of a block is set once.
COLUMNS = tuple(
    column for column in (*REQUIRED, *OPTIONAL) if column not in {"fee_vnd", "block_position"}
)


def table(versions: VersionQuerySet) -> Iterator[list[str]]:
    """Header and rows (four queries)."""
    yield list(COLUMNS)
    parts = versions.select_related("decision", "abolished_by")
    for version in parts.prefetch_related("components", "steps", "fees"):
        values = _values(row_of(version))
        yield [values[column] for column in COLUMNS]


def as_csv(versions: VersionQuerySet) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(table(versions))
    return text.getvalue().encode("utf-8-sig")  # Excel needs the mark


def as_xlsx(versions: VersionQuerySet) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    for row in table(versions):
        cells = [WriteOnlyCell(sheet, value) for value in row]
        for cell in cells:
            cell.data_type = "s"  # text, whatever it looks like
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _values(row: VersionRow) -> dict[str, str]:
    """The row in the words of a file."""
    return {
        "code": row.code,
        "name": row.name,
        "block": row.block,
        "field": row.field,
        "levels": ";".join(row.levels),
        "limit": str(row.limit_value),
        "limit_unit": row.limit_unit,
        "online": row.online,
        "effective_from": row.effective_from.isoformat(),
        "effective_to": row.effective_to.isoformat() if row.effective_to else "",
        "change": row.change or "",
        "clock_policy": row.clock_policy or "",
        "interagency": row.interagency or "",
        "immediate": _yes(row.immediate),
        "any_boundary": _yes(row.any_boundary),
        "online_full_eligible": _yes(row.online_full_eligible),
        "checked": _yes(row.is_checked),
        "components": _entries(
            [c.name, "required" if c.is_required else "optional", c.originals, c.copies,
             c.source, c.form_file]
            for c in row.components or ()
        ),
        "steps": _entries(
            [s.name, s.role, s.working_hours, s.level, s.office_kind, *_following(s)]
            for s in row.steps or ()
        ),
        "fees": _entries([f.name, f.amount_vnd, f.channel, f.ground] for f in row.fees or ()),
        **_decision("decision", "issued_on", row.decision),
        "issuer": row.decision.issuer if row.decision else "",
        **_decision("abolished_by", "abolished_on", row.abolished_by),
    }  # fmt: skip


def _yes(value: bool | None) -> str:  # noqa: FBT001 - a cell's value
    return "yes" if value else "no"


def _entries(entries: Iterable[list[object]]) -> str:
    return " | ".join("; ".join(str(part) for part in entry) for entry in entries) or "-"


def _following(step: StepRow) -> list[str]:
    return ["+".join(map(str, step.leads_to))] if step.leads_to else []


def _decision(number: str, day: str, decision: DecisionRow | None) -> dict[str, str]:
    if decision is None:
        return {number: "", day: ""}
    return {number: decision.number, day: decision.issued_on.isoformat()}

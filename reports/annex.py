"""Biểu II.06a/VPCP/KSTT as the annex of a report: the same tables for paper and for XLSX."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from motcua.papers import short_date
from reports import periods
from reports.cells import COLUMNS, Cells
from reports.snapshot import Snapshot

FORM = "Biểu số II.06a/VPCP/KSTT"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
ONCE = "Tính một lần: mỗi hồ sơ chỉ đếm ở nơi công dân nộp"
RECEIVED = "Theo số tiếp nhận: kể cả hồ sơ do cơ quan khác tiếp nhận rồi chuyển đến"
DEMO = "Dữ liệu minh họa: người và ngày tháng được đặt ra"
_HEAD = (
    ("A", "TT", 3, 1), ("B", "Lĩnh vực", 3, 1), ("C", "Tiếp nhận", 1, 4),
    ("G", "Đã giải quyết", 1, 4), ("K", "Đang giải quyết", 1, 3),
)  # fmt: skip
_PARTS = (
    "Tổng số", "Trực tuyến", "Trực tiếp, bưu chính", "Từ kỳ trước", "Tổng số", "Trước hạn",
    "Đúng hạn", "Quá hạn", "Tổng số", "Trong hạn", "Quá hạn",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    tt: str
    name: str
    cells: Cells
    is_block: bool

    @property
    def numbers(self) -> list[int]:
        return [self.cells[column] for column in COLUMNS]


@dataclass(frozen=True)
class Table:
    """One way of counting; `sheet` is its name in the workbook."""

    sheet: str
    title: str
    rows: tuple[Row, ...]
    total: Cells

    @property
    def totals(self) -> list[int]:
        return [self.total[column] for column in COLUMNS]


def tables(snapshot: Snapshot) -> list[Table]:
    """Each dossier once; and, when that says something else, by what was received."""
    once = Table("Tính một lần", ONCE, tuple(_rows(snapshot, "once")), snapshot.once)
    got = Table(
        "Theo số tiếp nhận", RECEIVED, tuple(_rows(snapshot, "received")), snapshot.received
    )
    return [once, got]


def span(snapshot: Snapshot) -> str:
    """ "Quý II năm 2024 (từ ngày 15/3/2024 đến ngày 14/6/2024)"."""
    name = periods.parse(snapshot.period, snapshot.calendar).name
    first, last = short_date(snapshot.first_day), short_date(snapshot.last_day)
    return f"{name} (từ ngày {first} đến ngày {last})"


def provenance(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Where the figures come from, for whoever opens the workbook years later."""
    calendar = periods.NAMES[periods.Calendar(snapshot.calendar)]
    rows = [
        ("Đơn vị báo cáo", snapshot.subject.name),
        ("Mã định danh", snapshot.subject.code),
        ("Kỳ báo cáo", span(snapshot)),
        ("Lịch kỳ báo cáo", calendar),
        ("Chốt số liệu đến hết ngày", short_date(snapshot.as_of)),
        ("Phiên bản định nghĩa số liệu", snapshot.definition_version),
        ("Đơn vị tính", "Số hồ sơ thủ tục hành chính"),
    ]
    return [*rows, ("Ghi chú", DEMO)] if snapshot.is_demo else rows


def workbook(snapshot: Snapshot) -> bytes:
    """A sheet for each way of counting."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = f"{FORM} {snapshot.subject.name} {snapshot.period}"
    book.properties.creator = snapshot.subject.name
    for name in ("created", "modified"):
        setattr(book.properties, name, snapshot.taken_at.replace(tzinfo=None))
    for table in tables(snapshot):
        _write(book.create_sheet(table.sheet), table, snapshot)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(snapshot: Snapshot, view: str) -> Iterator[Row]:
    for roman, block in zip(ROMAN, snapshot.blocks, strict=False):
        yield Row(roman, block.name, getattr(block, view), is_block=True)
        # a field that is its whole block is told once
        parts = block.fields if [each.name for each in block.fields] != [block.name] else ()
        for position, each in enumerate(parts, 1):
            yield Row(str(position), each.name, getattr(each, view), is_block=False)


_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_WRAP = Alignment(vertical="center", wrap_text=True)


def _write(sheet: Worksheet, table: Table, snapshot: Snapshot) -> None:
    sheet["A1"], sheet["A2"], sheet["A3"] = (
        FORM,
        "KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
        table.title,
    )
    for address in ("A1", "A2"):
        sheet[address].font = Font(name="Times New Roman", size=13, bold=True)
    for line, (name, value) in enumerate(provenance(snapshot), 4):
        _put(sheet, f"A{line}", f"{name}:")
        _put(sheet, f"C{line}", value)
    head = sheet.max_row + 2
    _write_head(sheet, head)
    for row in table.rows:
        _append(sheet, [row.tt, row.name, *row.numbers], bold=row.is_block)
    _append(sheet, ["", "Tổng cộng", *table.totals], bold=True)
    sheet.freeze_panes = f"C{head + 4}"
    sheet.print_title_rows = f"{head}:{head + 3}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for column, width in zip("AB", (6, 46), strict=True):
        sheet.column_dimensions[column].width = width
    for position in range(3, 14):
        sheet.column_dimensions[get_column_letter(position)].width = 11


def _write_head(sheet: Worksheet, first: int) -> None:
    """Three rows of names, then the row "(1) (2) …" that readers of the form skip."""
    for column, name, height, width in _HEAD:
        cell = sheet[f"{column}{first}"]
        cell.value = name
        sheet.merge_cells(
            start_row=first, end_row=first + height - 1,
            start_column=cell.column, end_column=cell.column + width - 1,
        )  # fmt: skip
    for position, name in enumerate(_PARTS, 3):
        sheet.cell(first + 1, position, name)
        sheet.merge_cells(
            start_row=first + 1, end_row=first + 2, start_column=position, end_column=position
        )
    for position in range(1, 14):
        sheet.cell(first + 3, position, f"({position})")
        for row in range(first, first + 4):
            cell = sheet.cell(row, position)
            cell.border, cell.alignment = _BOX, _MIDDLE
            cell.font = Font(name="Times New Roman", size=12, bold=row < first + 3)


def _append(sheet: Worksheet, values: list[str | int], *, bold: bool) -> None:
    row = sheet.max_row + 1
    for position, value in enumerate(values, 1):
        cell = _put(sheet, f"{get_column_letter(position)}{row}", value)
        cell.border = _BOX
        cell.font = Font(name="Times New Roman", size=12, bold=bold)
        cell.alignment = _WRAP if position == 2 else _MIDDLE


def _put(sheet: Worksheet, address: str, value: str | int):  # type: ignore[no-untyped-def]
    """Text stays text: a name that begins with "=" is no formula."""
    cell = sheet[address]
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    else:
        cell.number_format = "#,##0"
    return cell

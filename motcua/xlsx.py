"""The inside of an XLSX package from outside: its limits, its sheets, its cells.

openpyxl opens the package and knows its sheets and date formats; cells and strings are read
here, because a stranger's file may hold formulas, millions of cells in one row, or unpack to
gigabytes, and because 100,000 rows must pass in seconds and little memory.
"""

import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel
from openpyxl.xml.constants import SHARED_STRINGS

from motcua.errors import DomainError
from motcua.text import clean

MAX_FILE = 100 * 1024**2
MAX_SHEET = 600 * 1024**2  # unpacked; 100,000 rows of 16 columns take about 120 MB
MAX_STRINGS = 200 * 1024**2
MAX_OTHER = 20 * 1024**2
MAX_MEMBERS = 1000
MAX_COLUMNS = 200
# XML elements between two rows (or strings): more is no table but an attack on memory.
MAX_ELEMENTS = 20_000

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW, _C, _V, _F, _IS = (_NS + tag for tag in ("row", "c", "v", "f", "is"))
_SI, _T, _R = (_NS + tag for tag in ("si", "t", "r"))

Cell = str | int | float | bool | datetime | date | time | None


class SpreadsheetRefused(DomainError):
    """The file cannot be read; `sheet`, `row` and `column` say where, when that is known."""

    code = "spreadsheet_refused"
    message = "Không đọc được tệp XLSX."

    def __init__(
        self, message: str = "", *, sheet: str = "", row: int | None = None, column: str = ""
    ) -> None:
        self.reason, self.sheet, self.row, self.column = message or self.message, sheet, row, column
        places = (
            f"trang “{sheet}”" if sheet else "",
            f"dòng {row}" if row is not None else "",
            f"cột “{column}”" if column else "",
        )
        where = ", ".join(place for place in places if place)
        super().__init__(f"{where}: {self.reason}" if where else self.reason)


# What a broken package makes zipfile, zlib, expat and openpyxl raise while it is read.
BROKEN = (
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    KeyError,
    EOFError,
    OSError,
    NotImplementedError,
)


@dataclass
class Workbook:
    file: IO[bytes]
    archive: zipfile.ZipFile
    paths: dict[str, str]
    strings: list[str]
    epoch: datetime
    date_styles: Collection[int]
    duration_styles: Collection[int]


def open_package(path: Path) -> Workbook:
    """Its sizes are checked before anything is unpacked."""
    _check_package(path)
    file = path.open("rb")
    try:
        # openpyxl warns of all that it leaves out (validations, extensions): none of it is data.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _parts(file)
    except SpreadsheetRefused:
        file.close()
        raise
    except Exception as error:
        # The package is a stranger's: openpyxl fails on a broken one in every way there is.
        file.close()
        raise SpreadsheetRefused("Tệp XLSX bị hỏng.") from error


def _parts(file: IO[bytes]) -> Workbook:
    """What openpyxl knows of the package; strings are read here, and nothing else is."""
    reader = ExcelReader(file, read_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    sheets: Any = reader.parser
    book: Any = reader.wb
    return Workbook(
        file=file,
        archive=reader.archive,
        paths={
            sheet.name: rel.target
            for sheet, rel in sheets.find_sheets()
            if "worksheet" in rel.Type and rel.target in reader.valid_files
        },
        strings=_shared_strings(reader),
        epoch=book.epoch,
        date_styles=book._date_formats,
        duration_styles=book._timedelta_formats,
    )


def _shared_strings(reader: ExcelReader) -> list[str]:
    package: Any = reader.package
    part = package.find(SHARED_STRINGS)
    if part is None:
        return []
    with reader.archive.open(part.PartName[1:]) as source:
        return list(_strings(source))


def _check_package(path: Path) -> None:
    """Sizes before anything is unpacked; zipfile never unpacks more than a member declares."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise SpreadsheetRefused(f"Tệp lớn hơn {MAX_FILE // 1024**2} MB.")
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        message = "Tệp không phải là XLSX." if path.is_file() else f"Không có tệp “{path.name}”."
        raise SpreadsheetRefused(message) from error
    if len(members) > MAX_MEMBERS or any(info.flag_bits & 1 for info in members):
        raise SpreadsheetRefused("Tệp XLSX bị hỏng hoặc đặt mật khẩu.")
    if any(info.filename.lower().endswith("vbaproject.bin") for info in members):
        raise SpreadsheetRefused("Tệp chứa macro.")
    if any(info.file_size > _limit(info.filename) for info in members) or (
        sum(info.file_size for info in members) > MAX_SHEET + MAX_STRINGS
    ):
        raise SpreadsheetRefused("Nội dung tệp quá lớn sau khi giải nén.")


def _limit(name: str) -> int:
    if name.startswith("xl/worksheets/"):
        return MAX_SHEET
    return MAX_STRINGS if name.lower().endswith("sharedstrings.xml") else MAX_OTHER


def _strings(source: IO[bytes]) -> Iterator[str]:
    for element in _elements(source, _SI):
        yield _content(element)
        element.clear()


def _content(element: Element) -> str:
    """The text of a string: plain, or the runs of a formatted one (phonetic hints left out)."""
    if len(element) == 1 and element[0].tag == _T:
        return clean(element[0].text or "")
    runs = (element, *element.iterfind(_R))
    return clean("".join(run.findtext(_T) or "" for run in runs))


def _elements(source: IO[bytes], tag: str) -> Iterator[Element]:
    number = 0
    for _, element in iterparse(source):  # noqa: S314 - expat guards against entity bombs
        if element.tag == tag:
            number = 0
            yield element
            continue
        number += 1
        if number > MAX_ELEMENTS:
            raise SpreadsheetRefused("Bảng có quá nhiều ô trên một dòng.")


def cells(
    workbook: Workbook, sheet: str, names: Mapping[int, str] | None = None
) -> Iterator[tuple[int, dict[int, Cell]]]:
    """(row number, {column index: value}) of the rows that the sheet's XML holds."""
    number = 0
    with workbook.archive.open(workbook.paths[sheet]) as source:
        for element in _elements(source, _ROW):
            number = int(element.get("r") or number + 1)
            found: dict[int, Cell] = {}
            index = 0
            for cell in element.iterfind(_C):
                index = _index(cell.get("r"), index)
                try:
                    found[index] = _value(workbook, cell)
                except (ValueError, IndexError, OverflowError, SpreadsheetRefused) as error:
                    reason = getattr(error, "reason", "Ô bị hỏng.")
                    column = (names or {}).get(index) or str(cell.get("r") or index)
                    raise SpreadsheetRefused(
                        reason, sheet=sheet, row=number, column=column
                    ) from error
            element.clear()
            yield number, found


def _index(reference: str | None, before: int) -> int:
    index = column_index_from_string(reference.rstrip("0123456789")) if reference else before + 1
    if index > MAX_COLUMNS:
        raise SpreadsheetRefused("Bảng có quá nhiều cột.")
    return index


def _value(workbook: Workbook, cell: Element) -> Cell:
    if cell.find(_F) is not None:
        raise SpreadsheetRefused("Ô chứa công thức; chỉ nhận giá trị.")
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find(_IS)
        return (_content(inline) or None) if inline is not None else None
    raw = cell.findtext(_V)
    if raw is None or raw == "":
        return None
    if kind == "s":
        return workbook.strings[int(raw)] or None
    if kind == "str":
        return clean(raw) or None
    return _typed(workbook, kind, raw, int(cell.get("s") or 0))


def _typed(workbook: Workbook, kind: str, raw: str, style: int) -> Cell:
    if kind == "b":
        return raw == "1"
    if kind == "d":
        return datetime.fromisoformat(raw)
    if kind != "n":
        raise SpreadsheetRefused(f"Ô báo lỗi {raw[:20]}.")
    value = int(raw) if raw.lstrip("-").isdigit() else float(raw)
    if style in workbook.duration_styles:
        raise SpreadsheetRefused("Ô chứa khoảng thời gian, không phải ngày giờ.")
    if style in workbook.date_styles:
        return _to_the_second(from_excel(value, workbook.epoch))
    return value


def _to_the_second(moment: Any) -> Cell:
    """Day fractions are floats: 08:59:59.9999 was typed as 09:00."""
    if not isinstance(moment, datetime):
        day_or_time: date | time = moment
        return day_or_time
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)

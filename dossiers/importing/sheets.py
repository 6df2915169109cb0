"""The sheets of somebody else's file: where the header stands, what the columns are called."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from openpyxl.utils.cell import get_column_letter

from motcua.spreadsheet import Cell, SpreadsheetRefused
from motcua.xlsx import BROKEN, Workbook, cells, open_package

# Titles may stand above the header: it is the first of these rows with several texts.
_LOOKED_AT = 20
_LEAST_HEADERS = 3
MOST_SHEETS = 30


@dataclass(frozen=True)
class Sheet:
    workbook: Workbook
    name: str
    header_row: int
    # header → index of its column; a header that stands twice has its column's letter with it
    headers: dict[str, int]

    def rows(self, wanted: Collection[str]) -> Iterator[tuple[int, dict[str, Cell]]]:
        """(number, {header: cell}) of the rows under the header that say something there."""
        names = {index: header for header, index in self.headers.items() if header in wanted}
        for number, found in cells(self.workbook, self.name, names):
            if number <= self.header_row:
                continue
            values = {header: found.get(index) for index, header in names.items()}
            if any(value is not None for value in values.values()):
                yield number, values


@contextmanager
def reading(path: Path) -> Iterator[dict[str, Sheet]]:
    """The sheets that have a header, by name; refuses what is no XLSX or breaks on the way."""
    workbook = open_package(path)
    try:
        names = list(islice(workbook.paths, MOST_SHEETS))
        yield {name: sheet for name in names if (sheet := _sheet(workbook, name))}
    except BROKEN as error:
        raise SpreadsheetRefused("Tệp XLSX bị hỏng.") from error
    finally:
        workbook.archive.close()
        workbook.file.close()


def _sheet(workbook: Workbook, name: str) -> Sheet | None:
    for number, found in islice(cells(workbook, name), _LOOKED_AT):
        texts = {index: str(value) for index, value in found.items() if _is_header(value)}
        if len(texts) >= _LEAST_HEADERS:
            return Sheet(workbook, name, number, _named_once(texts))
    return None


def _is_header(value: Cell) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200


def _named_once(texts: dict[int, str]) -> dict[str, int]:
    headers: dict[str, int] = {}
    for index, text in texts.items():
        headers[f"{text} ({get_column_letter(index)})" if text in headers else text] = index
    return headers

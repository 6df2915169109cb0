"""What is wrong with a file of histories, row by row."""

from dataclasses import asdict, dataclass, field

from motcua.errors import DomainError
from motcua.spreadsheet import SpreadsheetRefused

DOSSIERS, EVENTS = "dossiers", "events"
# Whoever sends the wrong file needs no more than this to see it, and memory stays bounded.
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of one row; never quotes names, numbers or phones."""

    sheet: str
    row: int | None
    column: str
    message: str

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


@dataclass
class Faults:
    """All that is wrong so far; `unusable` are the codes whose rows were left out."""

    found: list[Fault] = field(default_factory=list)
    unusable: set[str] = field(default_factory=set)

    def add(self, sheet: str, row: int | None, column: str, message: str) -> None:
        if len(self.found) == MOST:
            raise TooManyFaults
        self.found.append(Fault(sheet, row, column, message))

    def add_refusal(self, error: SpreadsheetRefused) -> None:
        self.found.append(Fault(error.sheet, error.row, error.column, error.reason))

    def in_order(self) -> list[Fault]:
        return sorted(self.found, key=lambda one: (one.sheet, one.row or 0))


class TooManyFaults(Exception):
    """The rest of the file is not looked at."""


class Wrong(Exception):
    """One cell or one row said no: which column, and why."""

    def __init__(self, column: str, message: str) -> None:
        self.column, self.message = column, message
        super().__init__(message)


class ImportCollided(DomainError):
    code = "import_collided"
    message = "Một mã hồ sơ trong tệp vừa được ghi ở nơi khác. Hãy chạy lại."


class ImportNotDemo(DomainError):
    code = "import_not_demo"
    message = "Chỉ đánh dấu hồ sơ minh họa trên hệ thống minh họa (DEMO=1)."

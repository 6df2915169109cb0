"""The words of the clock: limits, suspensions, due dates (thời hạn, tạm dừng, hạn trả). Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from calendars.errors import InvalidLimit, InvalidSuspension, OutOfCalendar


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    DAY = "day"
    WORKING_HOUR = "working_hour"
    MONTH = "month"


class Policy(StrEnum):
    """What a supplement does to the limit: it waits, or runs anew from the complete supplement."""

    PAUSE = "pause"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Limit:
    value: int
    unit: Unit

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "unit", Unit(self.unit))
        except ValueError as error:
            raise InvalidLimit(f"Không có đơn vị thời hạn “{self.unit}”.") from error
        if not isinstance(self.value, int) or self.value < 1:
            raise InvalidLimit


@dataclass(frozen=True, slots=True)
class Suspension:
    """Waiting for a supplement or a fee; without an end it is open."""

    starts_at: datetime
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.ends_at is not None and self.ends_at < self.starts_at:
            raise InvalidSuspension("Khoảng tạm dừng kết thúc trước khi bắt đầu.")


@dataclass(frozen=True, slots=True)
class SuspendedPart:
    """What one suspension took out of the limit; nothing yet (None) while it is open.

    One that began after the lapse (`after_lapse`) takes nothing: the dossier stays overdue.
    """

    starts_at: datetime
    ends_at: datetime | None
    days: int | None = None
    minutes: int | None = None
    after_lapse: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """When a dossier is due; neither instant is known while a suspension is open.

    `begins_at` is the receipt, or the last complete supplement when the limit ran anew.
    """

    due_at: datetime | None
    lapses_at: datetime | None
    original_due_at: datetime
    suspended: tuple[SuspendedPart, ...]
    begins_at: datetime


@dataclass(frozen=True, slots=True)
class DayNote:
    """Why one date counts for the limit, or not."""

    date: date
    counts: bool
    why: str


def end_of_months(start: date, months: int) -> date:
    """The same day some months later, or that month's last day."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    if year > date.max.year:
        raise OutOfCalendar
    return date(year, month, min(start.day, monthrange(year, month)[1]))

"""The working time of one calendar over many years, ready for quick arithmetic. Pure.

Every date knows how many working days and how much shift time lie before it, so adding and
measuring are an array look-up or one bisection, never a walk over days.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from calendars.errors import OutOfCalendar
from calendars.resolution import SECOND, Day, Span

# One zone, without summer time: arithmetic on local clock faces is exact.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WorkingTime:
    """Immutable; `build` makes it. Instants are aware datetimes, answers are in ZONE.

    Differences (`…_between`) are signed and half-open: [a, b).
    """

    days: tuple[Day, ...]
    decided_until: date
    version: int
    _first: int  # ordinal of the first date
    _counted: array[int]  # working days before each date
    _counting: array[int]  # ordinals of the working days
    _worked: array[int]  # shift time before each date, in microseconds

    @classmethod
    def build(
        cls, first: date, days: Sequence[Day], *, decided_until: date = date.max, version: int = 0
    ) -> WorkingTime:
        counted, counting, worked = array("q", [0]), array("q"), array("q", [0])
        for ordinal, day in enumerate(days, first.toordinal()):
            if day.counts:
                counting.append(ordinal)
            counted.append(len(counting))
            worked.append(worked[-1] + sum(end - start for start, end in day.shifts))
        ordinal = first.toordinal()
        return cls(tuple(days), decided_until, version, ordinal, counted, counting, worked)

    # One date

    def day(self, on: date) -> Day:
        return self.days[self._index(on.toordinal())]

    def is_working_day(self, on: date) -> bool:
        return self.day(on).counts

    def is_estimate(self, on: date) -> bool:
        """Whether the days off of this date are the law's only, not yet the announced ones."""
        return on > self.decided_until

    def end_of(self, on: date) -> datetime:
        """End of the last shift of a working day."""
        return self._instant(on.toordinal(), self.day(on).shifts[-1][1])

    def start_of(self, on: date) -> datetime:
        """Start of the first shift of a working day."""
        return self._instant(on.toordinal(), self.day(on).shifts[0][0])

    # Working days

    def nth_working_day(self, number: int, after: date) -> date:
        """The working day that is `number` working days after a date (1 = the next one)."""
        position = self._counted[self._index(after.toordinal()) + 1] + number - 1
        return self._working_day(position)

    def working_day_from(self, ordinal: int) -> date:
        """The date with this ordinal, or the first working day after it."""
        return self._working_day(self._counted[self._index(ordinal)])

    def working_days_between(self, start: date, end: date) -> int:
        return self._counted_before(end) - self._counted_before(start)

    # Shift time

    def shift_seconds_between(self, start: datetime, end: datetime) -> int:
        """Whole seconds of shift time."""
        return (self.worked_before(end) - self.worked_before(start)) // SECOND

    def worked_before(self, at: datetime) -> int:
        """Microseconds of shift time from the calendar's beginning to an instant."""
        index, moment = self._locate(at)
        worked = self._worked[index]
        for start, end in self.days[index].shifts:
            if moment <= start:
                break
            worked += min(moment, end) - start
        return worked

    def when_worked(self, worked: int) -> datetime:
        """The earliest instant before which this much shift time lies (see `worked_before`)."""
        index = bisect_left(self._worked, worked) - 1
        if not 0 <= index < len(self.days):
            raise OutOfCalendar
        rest = worked - self._worked[index]
        for start, end in self.days[index].shifts:
            if rest <= end - start:
                return self._instant(self._first + index, start + rest)
            rest -= end - start
        raise OutOfCalendar

    # The counter

    def is_counter_open(self, at: datetime) -> bool:
        index, moment = self._locate(at)
        return any(start <= moment < end for start, end in self.days[index].counter)

    def next_open(self, at: datetime) -> datetime:
        """The instant itself when the counter is open, or when it opens next."""
        index, moment = self._locate(at)
        for later in range(index, len(self.days)):
            opens = _next_start(self.days[later].counter, moment)
            if opens is not None:
                return self._instant(self._first + later, opens)
            moment = 0
        raise OutOfCalendar

    # Places in the arrays

    def _index(self, ordinal: int) -> int:
        index = ordinal - self._first
        if not 0 <= index < len(self.days):
            raise OutOfCalendar
        return index

    def _counted_before(self, on: date) -> int:
        return self._counted[self._index(on.toordinal())]

    def _working_day(self, position: int) -> date:
        if position >= len(self._counting):
            raise OutOfCalendar
        return date.fromordinal(self._counting[position])

    def _locate(self, at: datetime) -> tuple[int, int]:
        at = local(at)
        moment = (at.hour * 3600 + at.minute * 60 + at.second) * SECOND + at.microsecond
        return self._index(at.toordinal()), moment

    def _instant(self, ordinal: int, moment: int) -> datetime:
        midnight = datetime.fromordinal(ordinal)
        return (midnight + timedelta(microseconds=moment)).replace(tzinfo=ZONE)


def local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("instants are aware datetimes")
    return at.astimezone(ZONE)


def _next_start(spans: tuple[Span, ...], moment: int) -> int | None:
    for start, end in spans:
        if moment < end:
            return max(start, moment)
    return None

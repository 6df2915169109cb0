"""What is each date: working or not, from when to when, and why? Pure.

A special day of the database beats a holiday of the library, which beats the weekday.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

# A span inside one day, in microseconds since its midnight, half-open.
Span = tuple[int, int]

SECOND = 1_000_000
MIDNIGHT = time(0)
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class ShiftRule:
    """A shift and the days that have it; `season` is ("MM-DD", "MM-DD"), both included."""

    starts: time
    ends: time
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    on_make_up_days: bool = True
    season: tuple[str, str] | None = None
    counts_for_deadline: bool = True
    counter_open: bool = True


@dataclass(frozen=True, slots=True)
class Override:
    """A special day, whoever says so; `hours` cuts the shifts of a half day."""

    is_working: bool
    why: str
    hours: tuple[time | None, time | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Day:
    """One date: the shifts that count for deadlines, the counter's hours, and the reason."""

    shifts: tuple[Span, ...]
    counter: tuple[Span, ...]
    why: str

    @property
    def counts(self) -> bool:
        return bool(self.shifts)


def resolve(
    first: date,
    last: date,
    *,
    weekdays: frozenset[int],
    shifts: Sequence[ShiftRule],
    overrides: Mapping[date, Override],
) -> list[Day]:
    """Every date from `first` to `last`, both included."""
    dates = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [_day(on, weekdays, shifts, overrides.get(on)) for on in dates]


def _day(
    on: date, weekdays: frozenset[int], shifts: Sequence[ShiftRule], special: Override | None
) -> Day:
    weekday = on.isoweekday()
    if special is None:
        rules = [rule for rule in shifts if weekday in rule.weekdays and _in_season(rule, on)]
        if weekday in weekdays:
            return _working(rules, f"{WEEKDAYS[weekday - 1]}, ngày làm việc", (None, None))
        # Thứ Bảy: a counter may accept on a day that counts for no deadline.
        counter = _spans((rule for rule in rules if rule.counter_open), (None, None))
        return Day((), counter, f"{WEEKDAYS[weekday - 1]}, ngày nghỉ hằng tuần")
    if not special.is_working:
        return Day((), (), special.why)
    rules = [
        rule
        for rule in shifts
        if (weekday in rule.weekdays if weekday in weekdays else rule.on_make_up_days)
        and _in_season(rule, on)
    ]
    return _working(rules, special.why, special.hours)


def _working(rules: list[ShiftRule], why: str, hours: tuple[time | None, time | None]) -> Day:
    shifts = _spans((rule for rule in rules if rule.counts_for_deadline), hours)
    counter = _spans((rule for rule in rules if rule.counter_open), hours)
    return Day(shifts, counter, why if shifts else f"{why}, không có ca làm việc")


def _in_season(rule: ShiftRule, on: date) -> bool:
    if rule.season is None:
        return True
    month_day, (start, end) = f"{on:%m-%d}", rule.season
    if start <= end:
        return start <= month_day <= end
    return month_day >= start or month_day <= end  # a winter season goes over the new year


def _spans(rules: Iterable[ShiftRule], hours: tuple[time | None, time | None]) -> tuple[Span, ...]:
    """Shifts in order; those that touch or overlap become one, so that no minute counts twice."""
    opens = _of_day(hours[0] or MIDNIGHT)
    closes = _of_day(hours[1]) if hours[1] else 86_400 * SECOND
    spans: list[Span] = []
    for start, end in sorted((_of_day(rule.starts), _of_day(rule.ends)) for rule in rules):
        start, end = max(start, opens), min(end, closes)
        if start >= end:
            continue
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)


def _of_day(at: time) -> int:
    return (at.hour * 3600 + at.minute * 60 + at.second) * SECOND + at.microsecond

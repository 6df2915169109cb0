"""From which day to which day? The reporting periods (kỳ báo cáo) of two calendars.

Nghị định 09/2019/NĐ-CP, Điều 12: a month runs from day 15 of the month before it to day 14, so a
quarter, a half, nine months and a year run from day 15 before their first month to day 14 of
their last. The civil calendar takes whole months. Both are unions of the half-month buckets in
which acts are tallied.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from dossiers import tally
from reports.errors import CalendarUnknown, PeriodUnknown

WRITTEN = re.compile(r"(19[5-9][0-9]|20[0-9]{2})(?:-(0[1-9]|1[0-2]|Q[1-4]|H[12]|9M))?")


class Calendar(StrEnum):
    ND09 = "nd09"
    CIVIL = "civil"


NAMES = {
    Calendar.ND09: "Nghị định 09/2019/NĐ-CP (từ ngày 15 đến ngày 14)",
    Calendar.CIVIL: "Năm dương lịch",
}


@dataclass(frozen=True)
class Period:
    """The months `first_month`..`last_month` of a year, both included."""

    text: str
    calendar: Calendar
    year: int
    first_month: int
    last_month: int

    @property
    def starts_on(self) -> date:
        if self.calendar == Calendar.CIVIL:
            return date(self.year, self.first_month, 1)
        before = date(self.year, self.first_month, 1) - timedelta(days=1)
        return before.replace(day=15)

    @property
    def ends_on(self) -> date:
        """The last day, included."""
        if self.calendar == Calendar.ND09:
            return date(self.year, self.last_month, 14)
        following = date(self.year + self.last_month // 12, self.last_month % 12 + 1, 1)
        return following - timedelta(days=1)

    @property
    def buckets(self) -> range:
        """The half-months that the period is made of."""
        first = _bucket(self.starts_on)
        return range(first, _bucket(self.ends_on) + 1)

    @property
    def starts_at(self) -> datetime:
        return tally.bucket_start(self.buckets.start)

    @property
    def ends_at(self) -> datetime:
        """00:00 after the last day: the moment M of the period."""
        return tally.bucket_start(self.buckets.stop)

    @property
    def before(self) -> "Period":
        """The period of like length that ends where this one begins (nine months: a quarter)."""
        months = self.last_month - self.first_month + 1
        if months == 9:
            return parse(f"{self.year - 1}-Q4", self.calendar)
        if months == 12:
            return parse(f"{self.year - 1}", self.calendar)
        year, last = (
            (self.year, self.first_month - 1) if self.first_month > 1 else (self.year - 1, 12)
        )
        written = {1: f"{last:02}", 3: f"Q{last // 3}", 6: f"H{last // 6}"}[months]
        return parse(f"{year}-{written}", self.calendar)

    @property
    def name(self) -> str:
        months = self.last_month - self.first_month + 1
        names = {
            1: f"Tháng {self.first_month:02}/{self.year}",
            3: f"Quý {['I', 'II', 'III', 'IV'][self.last_month // 3 - 1]} năm {self.year}",
            6: f"6 tháng {'đầu' if self.first_month == 1 else 'cuối'} năm {self.year}",
            9: f"9 tháng năm {self.year}",
            12: f"Năm {self.year}",
        }
        return names[months]


def parse(text: str, calendar: str = Calendar.ND09) -> Period:
    """`2024-05`, `2024-Q2`, `2024-H1`, `2024-H2`, `2024-9M` or `2024`."""
    if calendar not in list(Calendar):
        raise CalendarUnknown
    written = WRITTEN.fullmatch(text)
    if written is None:
        raise PeriodUnknown
    first, last = _months(written[2] or "")
    return Period(text, Calendar(calendar), int(written[1]), first, last)


def _months(part: str) -> tuple[int, int]:
    if part == "":
        return 1, 12
    if part == "9M":
        return 1, 9
    if part[0] == "Q":
        return 3 * int(part[1]) - 2, 3 * int(part[1])
    if part[0] == "H":
        return 6 * int(part[1]) - 5, 6 * int(part[1])
    return int(part), int(part)


def _bucket(day: date) -> int:
    return 24 * day.year + 2 * (day.month - 1) + (day.day > 14)

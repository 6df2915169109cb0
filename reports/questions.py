"""What exactly is asked: whose figures, from when to when, as of which moment, by what."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from django.utils import timezone

from agencies.models import Agency, Kind, Level
from reports import periods
from reports.errors import (
    AgencyUnknown,
    AsOfOutside,
    BelowCountsOnce,
    ChoiceUnknown,
    PeriodNotBegun,
)
from reports.periods import Period

GSO_LEVELS = {2: Level.PROVINCE, 3: Level.DISTRICT, 5: Level.COMMUNE}


class By(StrEnum):
    BLOCK = "block"
    FIELD = "field"
    PROCEDURE = "procedure"
    AGENCY = "agency"
    LEVEL = "level"
    CHANNEL = "channel"


class Interagency(StrEnum):
    # Lodged legs alone: each dossier once, where it is competently resolved.
    COUNTED_ONCE = "counted-once"
    # Forwarded legs too: everything that the agency itself received.
    AS_RECEIVED = "as-received"


@dataclass(frozen=True)
class Question:
    agency: Agency
    period: str
    calendar: str = periods.Calendar.ND09
    below: bool = False
    as_of: date | None = None
    interagency: str = Interagency.COUNTED_ONCE
    by: str | None = None


@dataclass(frozen=True)
class Frame:
    """A question made exact: legs held by `agency_ids` at `moment`, touching [starts_at, moment).

    `moment` is half-open: it is after the last instant that counts. `is_live`: it is now.
    """

    period: Period
    starts_at: datetime
    moment: datetime
    is_live: bool
    as_of: date
    agency_ids: frozenset[int]
    forwarded_too: bool
    by: By | None

    @property
    def first_day(self) -> date:
        return self.period.starts_on


def find_agency(code: str, period: str, calendar: str = periods.Calendar.ND09) -> Agency:
    """By e-identifier, else the people's committee with that GSO code on the period's last day.

    GSO codes repeat over time: 21115 was thị trấn Trà Xuân and is now xã Trà Bồng.
    """
    found = Agency.objects.filter(code=code).first()
    if found:
        return found
    day = periods.parse(period, calendar).ends_on
    level = GSO_LEVELS.get(len(code)) if code.isascii() and code.isdigit() else None
    units = Agency.objects.valid_on(day).filter(kind=Kind.COMMITTEE, gso_code=code, level=level)
    found = units.first() if level else None
    if found is None:
        raise AgencyUnknown(f"Không có cơ quan nào mang mã “{code}” vào ngày {day:%d/%m/%Y}.")
    return found


def frame(question: Question, now: datetime) -> Frame:
    """Refuses what cannot be answered: a period not begun, a day outside it, a sum that repeats."""
    period = periods.parse(question.period, question.calendar)
    interagency = _choice(Interagency, question.interagency)
    if question.below and interagency == Interagency.AS_RECEIVED:
        raise BelowCountsOnce
    if period.starts_at >= now:
        raise PeriodNotBegun(f"Kỳ báo cáo bắt đầu từ ngày {period.starts_on:%d/%m/%Y}.")
    _check_existed(question.agency, period)
    as_of = _as_of(period, question.as_of, timezone.localdate(now))
    moment = min(_end_of(as_of), now)
    return Frame(
        period=period,
        starts_at=period.starts_at,
        moment=moment,
        is_live=moment == now,
        as_of=as_of,
        agency_ids=_agency_ids(question.agency, below=question.below),
        forwarded_too=interagency == Interagency.AS_RECEIVED,
        by=_choice(By, question.by) if question.by else None,
    )


def _as_of(period: Period, asked: date | None, today: date) -> date:
    latest = min(period.ends_on, today)
    if asked is None:
        return latest
    if not period.starts_on <= asked <= latest:
        raise AsOfOutside
    return asked


def _end_of(day: date) -> datetime:
    following = day + timedelta(days=1)
    zone = timezone.get_default_timezone()
    return datetime(following.year, following.month, following.day, tzinfo=zone)


def _check_existed(agency: Agency, period: Period) -> None:
    ended = agency.valid_to is not None and agency.valid_to < period.starts_on
    if ended or agency.valid_from > period.ends_on:
        raise AgencyUnknown(f"{agency.name} không tồn tại trong kỳ báo cáo.")


def _agency_ids(agency: Agency, *, below: bool) -> frozenset[int]:
    """The agency, a committee's counters and offices, and with `below` everything under them.

    Whether they existed on a day does not matter here: one that did not holds no leg then, and
    one that closed leaves what it had ended before.
    """
    if below:
        return frozenset(Agency.objects.ids_below([agency.pk]))
    return frozenset(Agency.objects.body_of(agency).order_by().values_list("pk", flat=True))


_Choice = TypeVar("_Choice", bound=StrEnum)


def _choice(choices: type[_Choice], text: str) -> _Choice:
    try:
        return choices(text)
    except ValueError as error:
        raise ChoiceUnknown(f"“{text}” không phải là một trong: {', '.join(choices)}.") from error

"""Histories of invented dossiers: when each was taken in, when it was done, what came between."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from calendars.clock import ZONE, Limit, Unit, due
from calendars.working_time import WorkingTime
from demonstration import people


@dataclass(frozen=True)
class Lot:
    """Dossiers of one procedure that fare alike.

    `ending`: `same_day`, `in_time`, `later_in_time` (after `until`, before the due date),
    `lapsed` (due before `until`, done long after it), `open` (not done) or `waiting` (not done,
    the citizen was asked for a supplement).
    """

    procedure: str
    limit: Limit
    count: int
    first: date
    last: date
    ending: str = "in_time"
    online: int = 0
    by_organisations: bool = False
    fees: tuple[int | None, ...] = (None,)


@dataclass
class Rows:
    """The two sheets of the import format (docs/import-ho-so.md)."""

    dossiers: list[dict[str, object]] = field(default_factory=list)
    events: list[dict[str, object]] = field(default_factory=list)


@dataclass
class Office:
    """Where the dossiers of a lot are lodged."""

    code: str
    place: str
    lodged_on: Counter[date] = field(default_factory=Counter)

    def next_code(self, day: date) -> str:
        self.lodged_on[day] += 1
        return f"{self.code}-{day:%y%m%d}-{self.lodged_on[day]:04d}"


class Author:
    """Writes histories into rows; the same seed writes the same ones."""

    def __init__(self, seed: int, working_time: WorkingTime, until: date) -> None:
        self.random = Random(seed)  # noqa: S311 - invented data, no secret
        self.working_time = working_time
        self.until = datetime.combine(until, time(), ZONE) + timedelta(days=1)
        self.rows = Rows()
        self._people = seed * 10_000

    def write(self, lot: Lot, office: Office, forwarded_to: str = "") -> None:
        """One history per dossier of the lot; `forwarded_to` resolves what `office` takes in."""
        for number, accepted_at in enumerate(self._receipts(lot)):
            code = office.next_code(accepted_at.date())
            online = number < lot.online
            self.rows.dossiers.append(
                self._dossier(lot, office, code, accepted_at, online=online)
                | {"fee_vnd": lot.fees[number % len(lot.fees)]}
            )
            if forwarded_to:
                self._forward(code, accepted_at, forwarded_to)
            self._finish(lot, code, accepted_at, office.code, forwarded_to or office.code)

    def _finish(
        self, lot: Lot, code: str, accepted_at: datetime, lodged_at: str, resolver: str
    ) -> None:
        if lot.ending == "open":
            return
        if lot.ending == "waiting":
            asked_at = accepted_at + timedelta(minutes=25)
            self._event(code, asked_at, "suspend", lodged_at, "Thiếu bản sao giấy tờ (minh họa)")
            return
        ended_at = self._end(lot, accepted_at)
        self._event(code, ended_at, "result", resolver)
        handed_over_at = ended_at + timedelta(minutes=self.random.randint(5, 25))
        self._event(code, handed_over_at, "handover", lodged_at)

    def _receipts(self, lot: Lot) -> Iterator[datetime]:
        days = [
            lot.first + timedelta(days=offset)
            for offset in range((lot.last - lot.first).days + 1)
            if self.working_time.is_working_day(lot.first + timedelta(days=offset))
        ]
        latest = 9 * 60 if lot.ending == "same_day" else 16 * 60
        moments = []
        for _ in range(lot.count):
            minute = self.random.randint(7 * 60 + 5, latest)
            if 11 * 60 + 30 <= minute < 13 * 60 + 30:
                minute += 120
            day = self.random.choice(days)
            moments.append(datetime.combine(day, time(minute // 60, minute % 60), ZONE))
        return iter(sorted(moments))

    def _end(self, lot: Lot, accepted_at: datetime) -> datetime:
        due_at = due(lot.limit, accepted_at, self.working_time).due_at
        assert due_at is not None
        if lot.ending == "lapsed":
            return self._working(self.until + timedelta(days=self.random.randint(20, 70), hours=9))
        if lot.ending == "later_in_time":
            start = self.until + timedelta(hours=7)
        elif lot.ending == "same_day" or lot.limit.unit == Unit.WORKING_HOUR:
            return accepted_at + timedelta(minutes=self.random.randint(20, 90))
        else:
            start = accepted_at + timedelta(days=1)
        room = max((due_at - start).total_seconds(), 0)
        moment = self._working(start + timedelta(seconds=room * self.random.uniform(0.3, 0.95)))
        return min(moment, due_at - timedelta(minutes=5))

    def _working(self, moment: datetime) -> datetime:
        return self.working_time.next_open(moment).replace(microsecond=0)

    def _dossier(
        self, lot: Lot, office: Office, code: str, accepted_at: datetime, *, online: bool
    ) -> dict[str, object]:
        self._people += 1
        make = people.organisation if lot.by_organisations else people.person
        holder = make(self.random, self._people, office.place)
        return {
            "code": code,
            "procedure": lot.procedure,
            "agency": office.code,
            "competent_agency": None,
            "channel": "online" if online else "direct",
            "submitted_at": accepted_at - timedelta(minutes=30) if online else None,
            "accepted_at": accepted_at,
            "due_at": None,
            "holder": holder.name,
            "holder_kind": holder.kind,
            "citizen_id": holder.citizen_id,
            "phone": holder.phone,
            "address": holder.address,
        }

    def _forward(self, code: str, accepted_at: datetime, receiver: str) -> None:
        sent_at = accepted_at + timedelta(minutes=30)
        self._event(code, sent_at, "forward", receiver)
        self._event(code, sent_at + timedelta(minutes=20), "acknowledge", receiver)

    def _event(self, code: str, at: datetime, act: str, agency: str, reason: str = "") -> None:
        self.rows.events.append(
            {"code": code, "at": at, "act": act, "agency": agency, "reason": reason or None}
        )

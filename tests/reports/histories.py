"""Random histories of legs, their rows, and every figure counted by hand, one leg at a time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import strategies as st

from agencies.models import Agency
from calendars.working_time import ZONE
from dossiers import tally
from dossiers.models import ClockSpan, Dossier, Inheritance, Leg, TallyDelta
from tests.reports import world
from tests.reports.world import World

FIRST = datetime(2025, 5, 10, tzinfo=ZONE)
LAST = datetime(2025, 10, 20, tzinfo=ZONE)
MERGERS = (
    (datetime(2025, 7, 1, tzinfo=ZONE), {"A": "H", "B": "H", "O": "H"}),
    (datetime(2025, 8, 20, tzinfo=ZONE), {"H": "G"}),  # inside a half-month
)
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Stretch:
    """A clock span in Python."""

    lower: datetime
    upper: datetime | None
    lapses_at: datetime | None
    is_suspended: bool
    lapsed_before: bool

    def is_lapsed(self, moment: datetime) -> bool:
        in_force = self.lower < moment and (self.upper is None or moment <= self.upper)
        return in_force and (self.lapsed_before or self._lapses_by(moment))

    def lapsed_at_end(self) -> bool:
        return self.lapsed_before or (self.upper is not None and self._lapses_by(self.upper))

    def _lapses_by(self, moment: datetime) -> bool:
        on = not self.is_suspended and self.lapses_at is not None
        return on and self.lapses_at <= moment  # type: ignore[operator]


@dataclass(frozen=True)
class History:
    first: str
    version: int
    channel: str
    is_forwarded: bool
    accepted_at: datetime
    ended_at: datetime | None
    outcome: str
    stretches: tuple[Stretch, ...]

    @property
    def handed(self) -> list[tuple[datetime, str, str]]:
        """(at, predecessor, heir): an open leg follows its agency into the next one."""
        found, holder = [], self.first
        for at, heirs in MERGERS:
            open_then = self.accepted_at < at and (self.ended_at is None or self.ended_at >= at)
            if holder in heirs and open_then:
                found.append((at, holder, heirs[holder]))
                holder = heirs[holder]
        return found

    @property
    def last(self) -> str:
        return self.handed[-1][2] if self.handed else self.first

    def holder(self, moment: datetime) -> str:
        for at, predecessor, _ in self.handed:
            if at >= moment:
                return predecessor
        return self.last

    def columns(self, start: datetime, moment: datetime) -> set[str]:
        """The columns of [start, moment) that this leg stands in; none: it does not touch it."""
        ended = self.ended_at
        if self.accepted_at >= moment or (ended is not None and ended < start):
            return set()
        if self.accepted_at < start:
            found = {"c3", "c6"}
        else:
            found = {"c3", "c4" if self.channel == "online" else "c5"}
        if ended is not None and ended < moment:
            return found | {"c7", {"early": "c8", "on_time": "c9", "overdue": "c10"}[self.outcome]}
        late = any(stretch.is_lapsed(moment) for stretch in self.stretches)
        return found | {"c11", "c13" if late else "c12"}

    def booked(self) -> Iterator[tuple[str, int, str, int]]:
        """(agency, bucket, measure, amount), as the acts and the mergers book it."""
        of = tally.bucket_of
        yield self.first, of(self.accepted_at), "received", 1
        if self.ended_at is not None:
            yield self.last, of(self.ended_at), self.outcome, 1
        for at, predecessor, heir in self.handed:
            yield predecessor, of(at), "bequeathed", 1
            yield heir, of(at), "inherited", 1
        for stretch in self.stretches:
            yield from self._lapse(stretch)

    def _lapse(self, stretch: Stretch) -> Iterator[tuple[str, int, str, int]]:
        of, never = tally.bucket_of, 10**9
        since = of(stretch.lower)
        if not stretch.lapsed_before:
            if stretch.is_suspended or stretch.lapses_at is None:
                return
            since = max(since, of(stretch.lapses_at - TICK))
        until = never if stretch.upper is None else of(stretch.upper)
        holders = [(self.first, 0)] + [(heir, of(at)) for at, _, heir in self.handed]
        ends = [start for _, start in holders[1:]] + [never]
        for (holder, start), end in zip(holders, ends, strict=True):
            first, last = max(since, start), min(until, end)
            if first < last:
                yield holder, first, "lapsed", 1
                if last != never:
                    yield holder, last, "lapsed", -1


_EDGES = [tally.bucket_start(number) for number in range(24 * 2025 + 9, 24 * 2025 + 20)]
_EDGES += [at for at, _ in MERGERS]
instants = st.one_of(
    st.sampled_from([*_EDGES, *(edge - TICK for edge in _EDGES)]),
    st.integers(0, int((LAST - FIRST).total_seconds())).map(
        lambda seconds: FIRST + timedelta(seconds=seconds)
    ),
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    times = sorted(draw(st.lists(instants, min_size=2, max_size=4, unique=True)))
    accepted_at = times[0]
    ended_at = times[-1] if draw(st.booleans()) else None
    cuts = times if ended_at else times[:-1]
    stretches: list[Stretch] = []
    lapsed = False
    for lower, upper in zip(cuts, [*cuts[1:], None], strict=True):
        if upper is None and ended_at:
            break
        limit = draw(st.one_of(st.none(), instants, st.just(LAST + timedelta(days=40))))
        stretch = Stretch(lower, upper, limit, draw(st.booleans()), lapsed)
        stretches.append(stretch)
        lapsed = stretch.lapsed_at_end()
    return History(
        first=draw(st.sampled_from(_existing(accepted_at))),
        version=draw(st.integers(0, 3)),
        channel=draw(st.sampled_from(["direct", "online", "post"])),
        is_forwarded=draw(st.integers(0, 4)) == 0,
        accepted_at=accepted_at,
        ended_at=ended_at,
        outcome=draw(st.sampled_from(["early", "on_time", "overdue"])) if ended_at else "",
        stretches=tuple(stretches),
    )


def _existing(at: datetime) -> list[str]:
    if at < MERGERS[0][0]:
        return ["A", "B", "O", "D"]
    return ["H", "D"] if at < MERGERS[1][0] else ["G", "D"]


def save(here: World, many: list[History]) -> list[Leg]:
    """The rows that these histories leave, in five statements."""
    dossiers = Dossier.objects.bulk_create([_dossier(here, one) for one in many])
    legs = Leg.objects.bulk_create(
        [_leg(here, one, found) for one, found in zip(many, dossiers, strict=True)]
    )
    pairs = list(zip(many, legs, strict=True))
    ClockSpan.objects.bulk_create(
        [
            ClockSpan(
                leg=leg,
                in_force=DateTimeTZRange(stretch.lower, stretch.upper),
                lapses_at=stretch.lapses_at,
                is_suspended=stretch.is_suspended,
                lapsed_before=stretch.lapsed_before,
                reason="test",
            )
            for one, leg in pairs
            for stretch in one.stretches
        ]
    )
    Inheritance.objects.bulk_create(
        [
            Inheritance(leg=leg, at=at, predecessor=here.agencies[given], heir=here.agencies[taken])
            for one, leg in pairs
            for at, given, taken in one.handed
        ]
    )
    TallyDelta.objects.bulk_create(
        [delta for one, leg in pairs for delta in _deltas(here.agencies, one, leg)]
    )
    return legs


def _dossier(here: World, one: History) -> Dossier:
    agency = here.agencies[one.last]
    return world.dossier(
        here,
        here.versions[one.version],
        agency,
        accepted_at=one.accepted_at,
        ended_at=one.ended_at,
    )


def _leg(here: World, one: History, found: Dossier) -> Leg:
    last = one.stretches[-1]
    lapses_at = None if last.is_suspended else last.lapses_at
    if last.lapsed_before:
        lapses_at = last.lower  # lapsed by then: the earlier moment itself is of no matter here
    return world.leg(
        found,
        here.agencies[one.last],
        channel=one.channel,
        is_forwarded=one.is_forwarded,
        lapses_at=lapses_at,
        outcome=one.outcome,
    )


def _deltas(agencies: dict[str, Agency], one: History, leg: Leg) -> Iterator[TallyDelta]:
    booked: Counter[tuple[str, int, str]] = Counter()
    for agency, bucket, measure, amount in one.booked():
        booked[agency, bucket, measure] += amount
    for (agency, bucket, measure), amount in booked.items():
        if amount:
            yield TallyDelta(
                agency=agencies[agency],
                bucket=bucket,
                measure=measure,
                amount=amount,
                block=leg.block,
                channel=leg.channel,
                is_forwarded=leg.is_forwarded,
            )

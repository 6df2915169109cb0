"""The due moment of an ended leg by brute force: calendars.clock and walking over days."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from calendars import clock
from calendars.clock import Limit, Policy, Suspension, Unit, WorkingTime
from calendars.loading import working_time
from calendars.working_time import local
from dossiers.models import Extension, Leg
from dossiers.models import Suspension as Wait


@dataclass
class Walk:
    """What has counted so far: waits since the last given due moment, if any."""

    leg: Leg
    office: WorkingTime
    limit: Limit
    policy: Policy
    given: datetime | None
    since: datetime
    waits: list[Suspension] = field(default_factory=list)

    def due(self) -> datetime:
        if self.given is None:
            found = clock.due(
                self.limit, self.leg.accepted_at, self.office, self.waits, self.policy
            ).due_at
            assert found is not None
            return found
        later = [one for one in self.waits if one.ends_at and one.ends_at > self.since]
        if self.policy == Policy.RESTART and later:
            assert later[-1].ends_at is not None
            anew = clock.due(self.limit, later[-1].ends_at, self.office).due_at
            assert anew is not None
            return anew
        return self.shifted(self.given, sum(map(self.units, later)))

    def units(self, wait: Suspension) -> int:
        assert wait.ends_at is not None
        first = max(wait.starts_at, self.since)
        if self.limit.unit == Unit.WORKING_HOUR:
            return self.office.worked_before(wait.ends_at) - self.office.worked_before(first)
        days, day = 0, local(first).date()
        while day < local(wait.ends_at).date():
            counts = self.limit.unit != Unit.WORKING_DAY or self.office.is_working_day(day)
            days += counts and day > local(self.leg.accepted_at).date()
            day += timedelta(days=1)
        return days

    def shifted(self, due_at: datetime, amount: int) -> datetime:
        if not amount:
            return due_at
        if self.limit.unit == Unit.WORKING_HOUR:
            return self.office.when_worked(self.office.worked_before(due_at) + amount)
        return self.office.end_of(self.walked(local(due_at).date(), amount))

    def walked(self, day: date, amount: int) -> date:
        if self.limit.unit != Unit.WORKING_DAY:
            day, amount = day + timedelta(days=amount), 0
        while amount or not self.office.is_working_day(day):
            day += timedelta(days=1)
            amount -= bool(amount) and self.office.is_working_day(day)
        return day


def due_at_the_end(leg: Leg) -> tuple[datetime, bool]:
    """And whether it had lapsed before something that would have moved it."""
    ended_at = leg.ended_at
    assert ended_at is not None
    policy = Policy.PAUSE if leg.is_forwarded else Policy(leg.dossier.version.clock_policy)
    walk = Walk(
        leg,
        working_time(leg.agency.calendar),
        Limit(leg.limit_value, Unit(leg.limit_unit)),
        policy,
        leg.given_due_at,
        leg.accepted_at,
    )
    for moment, happened in happenings(leg):
        if moment > ended_at:
            break
        if clock.lapse_of(walk.due(), walk.limit.unit) <= moment:
            return walk.due(), True
        if isinstance(happened, Extension):
            walk.given, walk.since = happened.new_due_at, moment
        else:
            ends = min(happened.ends_at or ended_at, ended_at)
            walk.waits.append(Suspension(moment, ends))
    return walk.due(), False


def happenings(leg: Leg) -> list[tuple[datetime, Wait | Extension]]:
    """Waits and extensions of the leg's life, in the order in which they were recorded."""
    found: list[tuple[datetime, int, int, Wait | Extension]] = []
    for wait in leg.dossier.suspensions.all():
        if wait.starts_at >= leg.accepted_at or (wait.ends_at or leg.accepted_at) > leg.accepted_at:
            found.append((max(wait.starts_at, leg.accepted_at), 1, wait.pk, wait))
    for extension in leg.dossier.extensions.filter(leg=leg if leg.is_forwarded else None):
        found.append((extension.at, 0, extension.pk, extension))
    return [(moment, one) for moment, _, _, one in sorted(found, key=lambda one: one[:3])]

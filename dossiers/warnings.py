"""Who must be told that a dossier is due soon, today, or overdue (cảnh báo trước hạn)?

So many working days before the due date as the policy of its office says (WarningPolicy: of the
nearest agency upwards, else everyone's), on the due date, and when it has become overdue, while
the office works: the officer, the leaders of the office that has it, and the clerks where it was
lodged. Each is told once of each dossier and day (WarningGiven); what is new to somebody in one
run is one notice for each number of days, and one e-mail in all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from agencies.models import Agency, Appointment, Role
from calendars.loading import working_time
from calendars.models import Calendar
from calendars.working_time import WorkingTime
from dossiers.models import Dossier, Status, WarningGiven
from dossiers.warning_levels import Levels
from dossiers.warning_words import OVERDUE, TODAY, Due, mails_of, notices_of
from notifications import notices, outbox

CHUNK = 2_000
# Overdue for longer: it stands in the lists, nobody needs to be told as if it were news.
NEWS = timedelta(days=7)
MINUTE = timedelta(minutes=1)

Pair = tuple[int, int]  # user, dossier


@dataclass(frozen=True)
class Staff:
    """Who is to be told where: leaders and clerks by agency, with the committee of each."""

    holders: Mapping[tuple[int, str], Sequence[int]]
    committees: Mapping[int, int | None]

    def of(self, agency_id: int, role: str) -> Sequence[int]:
        """Those of the agency itself, else of its committee."""
        own = self.holders.get((agency_id, role))
        if own:
            return own
        return self.holders.get((self.committees.get(agency_id) or 0, role), ())

    def told(self, dossier: Dossier) -> set[int]:
        users = {*self.of(dossier.held_by_id, Role.LEADER)}
        users.update(self.of(dossier.lodged_at_id, Role.CLERK))
        if dossier.officer_id is not None and dossier.officer is not None:
            users.update([dossier.officer_id] if dossier.officer.is_active else [])
        return users


def warn_all(now: datetime) -> int:
    """Tell everybody what they have not been told; returns how many warnings were new.

    Running it again, or twice at once, tells nothing twice. A fixed number of statements for
    each `CHUNK` of dossiers.
    """
    offices = _offices(now)
    if not offices:
        return 0
    levels, staff = Levels.read(), _staff(timezone.localdate(now))
    given, last = 0, 0
    while chunk := _chunk(now, levels, offices, last):
        given += _warn(list(_due(chunk, levels, offices, now)), staff, now)
        last = chunk[-1].pk
    return given


def forget_ended() -> int:
    """What was told of dossiers that have ended since; one statement."""
    ended = WarningGiven.objects.filter(dossier__ended_at__isnull=False)
    return ended.delete()[0]


def working_days_left(due_at: datetime, office: WorkingTime, now: datetime) -> int:
    """3 on the third working day before the due date, 0 on it; also on the days off before."""
    today, due_on = timezone.localdate(now), timezone.localdate(due_at)
    return office.working_days_between(today, due_on)


def _offices(now: datetime) -> dict[int, WorkingTime]:
    """By calendar, those at work at this moment."""
    found = {one.pk: working_time(one) for one in Calendar.objects.all()}
    return {pk: one for pk, one in found.items() if _is_at_work(one, now)}


def _is_at_work(office: WorkingTime, now: datetime) -> bool:
    return office.worked_before(now + MINUTE) > office.worked_before(now)


def _chunk(
    now: datetime, levels: Levels, offices: Mapping[int, WorkingTime], last: int
) -> list[Dossier]:
    today = timezone.localdate(now)
    furthest = max(
        office.end_of(office.nth_working_day(max(levels.furthest, 1), today))
        for office in offices.values()
    )
    running = Dossier.objects.filter(
        status__in=[Status.ACCEPTED, Status.PROCESSING],
        lapses_at__gt=now - NEWS,
        lapses_at__lte=furthest + timedelta(days=1),
        competent__calendar__in=list(offices),
        pk__gt=last,
    )
    read = running.select_related("competent", "officer", "version").order_by("pk")
    return list(read.defer("agency_ids", "holder_name", "holder_address", "summary")[:CHUNK])


def _due(
    dossiers: Iterable[Dossier],
    levels: Levels,
    offices: Mapping[int, WorkingTime],
    now: datetime,
) -> Iterator[Due]:
    for dossier in dossiers:
        if dossier.due_at is None or dossier.lapses_at is None:
            continue
        if dossier.lapses_at <= now:
            yield Due(dossier, OVERDUE)
            continue
        office = offices[dossier.competent.calendar_id]
        days = working_days_left(dossier.due_at, office, now)
        if days <= TODAY or days in levels.of(dossier.held_by_id):
            yield Due(dossier, max(days, TODAY))


def _warn(found: Sequence[Due], staff: Staff, now: datetime) -> int:
    """The ledger decides what is new; notices and mails are written with it or not at all."""
    due = {one.dossier.pk: one for one in found}
    pairs = sorted((user, pk) for pk, one in due.items() for user in staff.told(one.dossier))
    if not pairs:
        return 0
    with transaction.atomic():
        new = _new(pairs, due, now)
        told: defaultdict[int, list[Due]] = defaultdict(list)
        for user, dossier in sorted(new):
            told[user].append(due[dossier])
        notices.tell_many(notices_of(told, now))
        outbox.queue_many(list(mails_of(told, now)), now=now)
    return len(new)


# In one order everywhere: two runs at once wait for one another instead of locking each other.
_GIVE = """
    INSERT INTO dossiers_warninggiven (dossier_id, user_id, days, at)
    SELECT dossier, person, days, %s FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[])
        AS given (dossier, person, days)
    WHERE NOT EXISTS (SELECT FROM dossiers_warninggiven AS had WHERE had.dossier_id = dossier
        AND had.user_id = person AND had.days = given.days)
    ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING RETURNING user_id, dossier_id
"""


def _new(pairs: Sequence[Pair], due: Mapping[int, Due], now: datetime) -> list[Pair]:
    users, dossiers = [user for user, _ in pairs], [pk for _, pk in pairs]
    days = [due[pk].days for pk in dossiers]
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, [now, dossiers, users, days])
        return [(user, dossier) for user, dossier in cursor.fetchall()]


def _staff(on: date) -> Staff:
    """Leaders and clerks of this day; two statements."""
    held = Appointment.objects.filter(
        role__in=[Role.LEADER, Role.CLERK], valid_from__lte=on, user__is_active=True
    ).exclude(valid_to__lt=on)
    holders: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for agency, role, user in held.order_by().values_list("agency_id", "role", "user_id"):
        holders[agency, role].append(user)
    offices = Agency.objects.order_by().values_list("pk", "committee_id")
    return Staff(dict(holders), dict(offices))

"""The lists of the work (danh sách việc): which there are, and which dossiers stand in each.

All of them lie within the user's scope; each is asked for one's own office (the default), for
oneself, or for the whole scope. The counts beside their names are bounded: a province's million
rows are never scanned for a number that nobody reads.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

from agencies.models import Agency, Role, User
from agencies.scope import Scope
from calendars.loading import working_time
from dossiers.models import Dossier
from dossiers.querysets import WIDE, DossierQuerySet

MOST_COUNTED = 99
UNCLAIMED_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Desk:
    """Whose work it is, where he sits, and when the next working days end."""

    user: User
    scope: Scope
    now: datetime
    # The agencies of his roles with the counters and offices of the committees among them.
    places: Collection[int]
    # The ends of today and of the next three working days.
    ends: tuple[datetime, datetime, datetime, datetime]
    whose: str = ""

    def held(self, dossiers: DossierQuerySet) -> DossierQuerySet:
        return dossiers if self.whose == "all" else dossiers.held_in(self.places)

    def mine(self, dossiers: DossierQuerySet) -> DossierQuerySet:
        return dossiers.filter(officer=self.user) if self.whose == "own" else self.held(dossiers)


Which = Callable[[DossierQuerySet, Desk], DossierQuerySet]


@dataclass(frozen=True)
class WorkList:
    slug: str
    title: str
    group: str
    which: Which
    # Its own order; the column of an index.
    order: str = "lapses_at"


def _days(number: int) -> Which:
    """Due on the working day that is `number` after today (and on days off right before it)."""
    return lambda rows, desk: desk.mine(rows.lapsing(desk.ends[number - 1], desk.ends[number]))


def _incoming(rows: DossierQuerySet, desk: Desk) -> DossierQuerySet:
    return rows.on_its_way() if desk.whose == "all" else rows.sent_to(desk.places)


def _results(rows: DossierQuerySet, desk: Desk) -> DossierQuerySet:
    return rows if desk.whose == "all" else rows.at_counter(desk.places)


ALL = (
    WorkList(
        "intake",
        "Chờ tiếp nhận",
        "Mới đến",
        lambda rows, desk: desk.held(rows.to_receive()),
        "submitted_at",
    ),
    WorkList("incoming", "Chờ bàn giao", "Mới đến", _incoming),
    WorkList(
        "opinions",
        "Được hỏi ý kiến",
        "Mới đến",
        lambda rows, desk: rows.opinion_asked(None if desk.whose == "all" else desk.places),
    ),
    WorkList(
        "own", "Của tôi", "Đang làm", lambda rows, desk: rows.open().filter(officer=desk.user)
    ),
    WorkList("office", "Cơ quan tôi", "Đang làm", lambda rows, desk: desk.mine(rows.open())),
    WorkList(
        "waiting",
        "Chờ công dân",
        "Đang làm",
        lambda rows, desk: desk.mine(rows.waiting_for_the_citizen()),
    ),
    WorkList(
        "overdue", "Quá hạn", "Theo hạn", lambda rows, desk: desk.mine(rows.overdue(desk.now))
    ),
    WorkList(
        "apology",
        "Chưa xin lỗi",
        "Theo hạn",
        lambda rows, desk: desk.mine(rows.without_apology(desk.now)),
    ),
    WorkList(
        "today",
        "Hôm nay",
        "Theo hạn",
        lambda rows, desk: desk.mine(rows.lapsing(desk.now, desk.ends[0])),
    ),
    WorkList("d1", "Còn 1 ngày làm việc", "Theo hạn", _days(1)),
    WorkList("d2", "Còn 2 ngày làm việc", "Theo hạn", _days(2)),
    WorkList("d3", "Còn 3 ngày làm việc", "Theo hạn", _days(3)),
    WorkList("risk", "Có nguy cơ", "Theo hạn", lambda rows, desk: desk.mine(rows.at_risk())),
    WorkList(
        "results",
        "Chờ trả",
        "Trả kết quả",
        lambda rows, desk: _results(rows.to_hand_over(), desk),
        "ended_at",
    ),
    WorkList(
        "unclaimed",
        "Hơn 30 ngày chưa nhận",
        "Trả kết quả",
        lambda rows, desk: _results(rows.unclaimed(desk.now - UNCLAIMED_AFTER), desk),
        "ended_at",
    ),
)
BY_SLUG = {each.slug: each for each in ALL}


def usual(scope: Scope) -> WorkList:
    """What is opened first: an officer's own work; for whoever leads or stands at the counter
    the office's."""
    roles = {role for _, role in scope.roles}
    only_officer = Role.OFFICER in roles and roles.isdisjoint({Role.CLERK, Role.LEADER})
    return BY_SLUG["own" if only_officer else "office"]


def desk(user: User, scope: Scope, now: datetime, whose: str = "") -> Desk:
    """Two queries: the offices, and the calendar of the first."""
    held = sorted({agency for agency, _ in scope.roles})
    places = Agency.objects.body_of_any(held).ids() if held else []
    return Desk(user, scope, now, frozenset(places), _ends(held, now), whose)


def _ends(held: list[int], now: datetime) -> tuple[datetime, datetime, datetime, datetime]:
    today = timezone.localdate(now)
    office = Agency.objects.select_related("calendar").filter(pk__in=held).order_by("pk").first()
    if office is None:
        end = _end_of(today)
        return end, end, end, end
    calendar = working_time(office.calendar)
    one, two, three = (_end_of(calendar.nth_working_day(n, today)) for n in (1, 2, 3))
    return _end_of(today), one, two, three


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def for_office(at: Desk) -> Desk:
    """The numbers beside the lists are those of the office, whosever work is being looked at."""
    return replace(at, whose="")


def rows(which: WorkList, at: Desk) -> DossierQuerySet:
    return which.which(Dossier.objects.in_scope(at.scope), at)


def counts(at: Desk) -> dict[str, int]:
    """How many stand in each list of the office, in one statement; at most MOST_COUNTED + 1."""
    if not at.scope.agency_ids:
        return dict.fromkeys(BY_SLUG, 0)
    places = sorted(at.places)
    statement, marked = _counting(
        len(places), at.whose, MOST_COUNTED, is_wide=len(at.scope.agency_ids) > WIDE
    )
    known = _values(at, places)
    everywhere = sorted(at.scope.agency_ids)
    values = [everywhere if isinstance(one, list) else known.get(one, one) for one in marked]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(zip(BY_SLUG, cursor.fetchone() or (), strict=True))


@lru_cache(maxsize=100)
def _counting(places: int, whose: str, most: int, *, is_wide: bool) -> tuple[str, list[Any]]:
    """The statement, with marks for its values: fifteen queries take Django longer to make than
    PostgreSQL to answer, and they differ in their values only."""
    parts: list[str] = []
    values: list[Any] = []
    for each in ALL:
        found = rows(each, _mark(places, whose, is_wide=is_wide)).order_by().values("pk")
        try:
            statement, given = found[: most + 1].query.sql_with_params()
        except EmptyResultSet:  # nobody's office
            statement, given = "SELECT 1 WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({statement}) AS one)")  # noqa: S608 - Django's own
        values += given
    return f"SELECT {', '.join(parts)}", values


def _mark(places: int, whose: str, *, is_wide: bool) -> Desk:
    """A desk of nobody's: its numbers are below zero, its moments long past, all different."""
    now, *ends = (datetime(2000, 3, day, tzinfo=UTC) for day in range(1, 6))
    seen = range(-WIDE - 1, 0) if is_wide else [-1]
    scope = Scope(frozenset(seen), frozenset())
    one, two, three, four = ends
    offices = range(-1 - places, -1)
    return Desk(User(pk=-1), scope, now, offices, (one, two, three, four), whose)


def _values(at: Desk, places: Sequence[int]) -> dict[Any, Any]:
    """What stands for what in the statement."""
    mark = _mark(len(places), at.whose, is_wide=False)
    return {
        mark.user.pk: at.user.pk,
        mark.now: at.now,
        mark.now - UNCLAIMED_AFTER: at.now - UNCLAIMED_AFTER,
        **dict(zip(mark.ends, at.ends, strict=True)),
        **dict(zip(mark.places, places, strict=True)),
    }


def shown(count: int) -> str:
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)

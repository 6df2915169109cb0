"""Who sits at which window of a counter, and when (lịch trực của Bộ phận Một cửa)."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.errors import DutyInvalid, NotRosterKeeper
from agencies.models import Agency, Appointment, Duty, Kind, Role, User
from agencies.scope import Scope, scope_of

KEEPERS = (Role.LEADER, Role.CLERK, Role.ADMINISTRATOR)
_WEEK = timedelta(days=7)


def counters_of(scope: Scope, on: date) -> QuerySet[Agency]:
    """Whose rosters one keeps: counters of one's own offices, and committees that have none."""
    own = Agency.objects.body_of_any(scope.agencies_as(*KEEPERS)).valid_on(on)
    counters = Q(kind=Kind.COUNTER)
    alone = Q(kind=Kind.COMMITTEE) & ~Q(offices__kind=Kind.COUNTER)
    return own.filter(counters | alone).distinct().order_by("sort_key", "pk")


def on_duty(agency: Agency, now: datetime) -> QuerySet[Duty]:
    """Who sits at the counter at this moment (one query)."""
    local = timezone.localtime(now)
    duties = Duty.objects.filter(agency=agency, day=local.date(), starts__lte=local.time())
    return duties.filter(ends__gt=local.time()).select_related("user").order_by("window", "pk")


def week_of(day: date) -> list[date]:
    """Monday to Sunday of the week of a day."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(7)]


def duties_in(agency: Agency, days: Iterable[date]) -> QuerySet[Duty]:
    return Duty.objects.filter(agency=agency, day__in=list(days)).select_related("user")


def staff_of(agency: Agency, days: Iterable[date]) -> QuerySet[User]:
    """Whoever has a role at the counter or at its committee on one of these days."""
    days = list(days)
    held = Appointment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=min(days)),
        agency__in=_places(agency),
        valid_from__lte=max(days),
    )
    staff = User.objects.filter(is_active=True, pk__in=held.values("user"))
    return staff.order_by("full_name", "pk")


def add(
    agency: Agency,
    user: User,
    *,
    day: date,
    starts: time,
    ends: time,
    window: str,
    actor: User,
    now: datetime,
) -> Duty:
    """Refuses whoever has no role there that day, and two places at once."""
    _require_keeper(actor, agency, now)
    if starts >= ends:
        raise DutyInvalid("Giờ kết thúc phải sau giờ bắt đầu.", fields={"ends": "Sau giờ bắt đầu."})
    if user.pk not in _with_a_role(agency, {user.pk}, day):
        message = "Người này không có vai trò tại đây vào ngày đó."
        raise DutyInvalid(message, fields={"user": message})
    try:
        with transaction.atomic():
            return Duty.objects.create(
                agency=agency, user=user, day=day, starts=starts, ends=ends, window=window
            )
    except IntegrityError as error:
        message = "Người này đã có ca trực khác vào giờ đó."
        raise DutyInvalid(message, fields={"user": message}) from error


def copy_last_week(agency: Agency, monday: date, *, actor: User, now: datetime) -> int:
    """The duties of the week before, for those still with a role there; what is there stays."""
    _require_keeper(actor, agency, now)
    copied = 0
    with transaction.atomic():
        before = duties_in(agency, [day - _WEEK for day in week_of(monday)])
        for duty in before.order_by("day", "starts", "pk"):
            day = duty.day + _WEEK
            if duty.user_id in _with_a_role(agency, {duty.user_id}, day):
                copied += _copy(duty, day)
    return copied


def remove(duty: Duty, *, actor: User, now: datetime) -> None:
    _require_keeper(actor, duty.agency, now)
    duty.delete()


def _copy(duty: Duty, day: date) -> bool:
    try:
        with transaction.atomic():
            Duty.objects.create(
                agency_id=duty.agency_id,
                user_id=duty.user_id,
                day=day,
                starts=duty.starts,
                ends=duty.ends,
                window=duty.window,
            )
    except IntegrityError:
        return False  # he sits somewhere already, perhaps there: copied before
    return True


def _with_a_role(agency: Agency, users: set[int], day: date) -> set[int]:
    held = Appointment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        agency__in=_places(agency),
        user__in=users,
        user__is_active=True,
        valid_from__lte=day,
    )
    return set(held.values_list("user", flat=True))


def _places(agency: Agency) -> list[int]:
    return [pk for pk in (agency.pk, agency.committee_id) if pk is not None]


def _require_keeper(actor: User, agency: Agency, now: datetime) -> None:
    today = timezone.localdate(now)
    if not counters_of(scope_of(actor, today), today).filter(pk=agency.pk).exists():
        raise NotRosterKeeper

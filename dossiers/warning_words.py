"""What a warning says: one notice for each number of days left, one e-mail in all."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from dossiers.models import Dossier
from notifications.models import Channel, Event, Notice
from notifications.outbox import Wanted

TODAY, OVERDUE = 0, -1
# Codes named in one notice, lines in one e-mail.
NAMED, LINES = 5, 200
LISTS = {OVERDUE: "overdue", TODAY: "today", 1: "d1", 2: "d2", 3: "d3"}


@dataclass(frozen=True)
class Due:
    """A dossier that somebody must hear of, and how many working days it has left."""

    dossier: Dossier
    days: int


def notices_of(told: Mapping[int, Sequence[Due]], now: datetime) -> Iterator[Notice]:
    for user, all_due in told.items():
        by_days: defaultdict[int, list[Dossier]] = defaultdict(list)
        for one in all_due:
            by_days[one.days].append(one.dossier)
        for days, dossiers in sorted(by_days.items()):
            yield Notice(
                user_id=user,
                key=f"due:{days}:{dossiers[0].pk}",
                title=f"{len(dossiers)} hồ sơ {in_words(days)}",
                body=_named(dossiers),
                url=_address(days, dossiers),
                created_at=now,
            )


def in_words(days: int) -> str:
    if days == OVERDUE:
        return "đã quá hạn"
    return f"còn {days} ngày làm việc" if days else "đến hạn hôm nay"


def _named(dossiers: Sequence[Dossier]) -> str:
    lines = [f"{one.code} ({one.version.name[:80]})" for one in dossiers[:NAMED]]
    rest = len(dossiers) - NAMED
    return "; ".join(lines) + (f"; và {rest} hồ sơ khác" if rest > 0 else "")


def _address(days: int, dossiers: Sequence[Dossier]) -> str:
    if len(dossiers) == 1:
        return dossiers[0].get_absolute_url()
    chosen = LISTS.get(days)
    return reverse("dossiers:work") + (f"?list={chosen}" if chosen else "")


def mails_of(told: Mapping[int, Sequence[Due]], now: datetime) -> Iterator[Wanted]:
    """One for each user who has an address, of everything new to them in this chunk."""
    addresses = User.objects.filter(pk__in=list(told)).exclude(email="")
    for user, email in addresses.order_by("pk").values_list("pk", "email"):
        first = told[user][0]
        context = {
            "count": len(told[user]),
            "lines": "\n".join(_line(one) for one in told[user][:LINES]),
            "link": settings.PUBLIC_URL + reverse("dossiers:work"),
        }
        key = f"due:{user}:{first.dossier.pk}:{first.days}:{now:%Y%m%d}"
        yield Wanted(key, Event.DUE_SOON, Channel.EMAIL, email, context)


def _line(one: Due) -> str:
    due_at = timezone.localtime(one.dossier.due_at)
    words = in_words(one.days)
    return f"- {one.dossier.code}: {one.dossier.version.name}, hẹn trả {due_at:%d/%m/%Y} ({words})"

"""What the staff is told in the browser (thông báo): each thing once, read when it is opened."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from agencies.models import User
from notifications.models import Notice

# The badge says "99+" beyond; nobody reads more.
MOST = 100


def tell(
    users: Iterable[User | int],
    *,
    key: str,
    title: str,
    body: str = "",
    url: str = "",
    now: datetime,
) -> None:
    """Each of the users, once by the key; one statement."""
    ids = {one if isinstance(one, int) else one.pk for one in users}
    tell_many(
        [
            Notice(user_id=pk, key=key, title=title, body=body, url=url, created_at=now)
            for pk in sorted(ids)
        ]
    )


def tell_many(rows: Iterable[Notice]) -> None:
    """Different things to different users; one statement for a thousand of them."""
    cut = list(rows)
    for row in cut:
        row.title, row.body = row.title[:200], row.body[:1000]
    if cut:
        Notice.objects.bulk_create(cut, ignore_conflicts=True, batch_size=1_000)


def unread(user: User) -> int:
    """For the badge; counts no further than MOST."""
    return Notice.objects.filter(user=user, read_at=None).order_by()[:MOST].count()


def of(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(user=user).order_by("-pk")


def read(user: User, public_id: UUID, *, now: datetime) -> Notice | None:
    """The user's own notice, read from now on; None for anybody else's."""
    notice = Notice.objects.filter(user=user, public_id=public_id).first()
    if notice is not None and notice.read_at is None:
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)
    return notice


def read_all(user: User, *, now: datetime) -> None:
    Notice.objects.filter(user=user, read_at=None).update(read_at=now)

"""How much time a dossier has left (còn bao lâu): in words, never by colour alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from dossiers.models import Dossier, Status

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class TimeLeft:
    """`kind` is also the end of a CSS class: late, soon, in-time, still, ended."""

    kind: str
    words: str


def soon_until(now: datetime) -> datetime:
    """Due soon: today or tomorrow."""
    day_after = timezone.localdate(now) + timedelta(days=2)
    return timezone.make_aware(datetime.combine(day_after, datetime.min.time()))


def time_left(dossier: Dossier, now: datetime) -> TimeLeft:
    if dossier.ended_at is not None:
        return TimeLeft("ended", "Đã kết thúc")
    if dossier.accepted_at is None:
        return TimeLeft("still", "Chưa tiếp nhận")
    if dossier.lapses_at is not None and dossier.lapses_at <= now:
        return TimeLeft("late", _late(dossier.due_at or dossier.lapses_at, now))
    if dossier.lapses_at is None or dossier.due_at is None:
        waiting = "tài chính" if dossier.status == Status.FINANCIAL else "bổ sung"
        return TimeLeft("still", f"Tạm dừng, chờ {waiting}")
    kind = "soon" if dossier.lapses_at <= soon_until(now) else "in-time"
    return TimeLeft(kind, _left(dossier.due_at, now))


def _late(due_at: datetime, now: datetime) -> str:
    days = (timezone.localdate(now) - timezone.localdate(due_at)).days
    return f"Quá hạn {days} ngày" if days else f"Quá hạn {_hours(now - due_at)}"


def _left(due_at: datetime, now: datetime) -> str:
    days = (timezone.localdate(due_at) - timezone.localdate(now)).days
    if days > 1:
        return f"Còn {days} ngày"
    if days == 1:
        return "Hạn ngày mai"
    return f"Hạn hôm nay, {timezone.localtime(due_at):%H:%M}"


def _hours(span: timedelta) -> str:
    return f"{span // HOUR} giờ" if span >= HOUR else f"{span // timedelta(minutes=1)} phút"

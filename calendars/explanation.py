"""Why this due date (vì sao hẹn ngày này)? A note for each date of a limit. Pure.

Off the hot path: it walks the days and may be slow; `clock.due` alone decides.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from calendars.limits import DayNote, Due, Limit, SuspendedPart, Unit, end_of_months
from calendars.working_time import ZONE, WorkingTime, local

RESTARTED = "Không tính: thời hạn tính lại từ đầu khi nhận đủ bổ sung"
SUSPENDED = "Tạm dừng"
# Says of one date whether it counts, and why.
Judge = Callable[[date], tuple[bool, str]]


def day_notes(
    limit: Limit, received_at: datetime, found: Due, working_time: WorkingTime
) -> list[DayNote]:
    began_on = local(found.begins_at).date()
    pauses = [part for part in found.suspended if not part.after_lapse]
    judge = (
        _hours(found, pauses, working_time)
        if limit.unit == Unit.WORKING_HOUR
        else _days(limit, received_at, found, pauses, working_time)
    )
    notes = []
    for on in _dates(local(received_at).date(), _last(found, pauses)):
        counts, why = judge(on) if on >= began_on else (False, RESTARTED)
        if working_time.is_estimate(on):
            why += " (lịch nghỉ dự kiến)"
        notes.append(DayNote(on, counts, why))
    return notes


def _last(found: Due, pauses: list[SuspendedPart]) -> date:
    if found.due_at is not None:
        return local(found.due_at).date()
    return max(local(pauses[-1].starts_at), local(found.begins_at)).date()


def _days(
    limit: Limit,
    received_at: datetime,
    found: Due,
    pauses: list[SuspendedPart],
    working_time: WorkingTime,
) -> Judge:
    began_on = local(found.begins_at).date()
    restarted = found.begins_at != received_at
    only_working = limit.unit == Unit.WORKING_DAY
    total = limit.value
    if limit.unit == Unit.MONTH:
        total = (end_of_months(began_on, limit.value) - began_on).days
    spans = [
        (local(part.starts_at).date(), part.ends_at and local(part.ends_at).date())
        for part in pauses
    ]
    counted = 0

    def judge(on: date) -> tuple[bool, str]:
        nonlocal counted
        day = working_time.day(on)
        if on == began_on:
            return False, f"Ngày {'nhận đủ bổ sung' if restarted else 'tiếp nhận'}, không tính"
        if any(first <= on and (end is None or on < end) for first, end in spans):
            return False, SUSPENDED
        if only_working and not day.counts:
            return False, day.why
        if counted < total:
            counted += 1
            return True, f"{day.why} (ngày thứ {counted}/{total})"
        if day.counts:
            return False, "Ngày làm việc đầu tiên sau khi hết thời hạn: hạn trả"
        return False, f"{day.why}; đã hết thời hạn, chuyển sang ngày làm việc kế tiếp"

    return judge


def _hours(found: Due, pauses: list[SuspendedPart], working_time: WorkingTime) -> Judge:
    stops_at = found.due_at or pauses[-1].starts_at

    def worked(start: datetime, end: datetime) -> int:
        return working_time.shift_seconds_between(start, end) if start < end else 0

    def judge(on: date) -> tuple[bool, str]:
        midnight = datetime(on.year, on.month, on.day, tzinfo=ZONE)
        start = max(midnight, found.begins_at)
        end = min(midnight + timedelta(days=1), stops_at)
        paused = sum(
            worked(max(start, part.starts_at), min(end, part.ends_at or end)) for part in pauses
        )
        seconds = worked(start, end) - paused
        if seconds > 0:
            hours, minutes = divmod(seconds // 60, 60)
            return True, f"Tính {hours} giờ {minutes:02} phút"
        if any(
            part.starts_at < midnight + timedelta(days=1) and start < (part.ends_at or end)
            for part in pauses
        ):
            return False, SUSPENDED
        day = working_time.day(on)
        return False, "Ngoài giờ làm việc" if day.counts else day.why

    return judge


def _dates(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)

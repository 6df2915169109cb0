"""`due LIMIT UNIT --from …`: when a dossier is due, and why."""

import json
import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from calendars import clock, loading
from calendars.errors import InvalidSuspension
from calendars.limits import DayNote, Due, Limit, Policy, SuspendedPart, Suspension, Unit
from calendars.working_time import ZONE
from motcua.commands import Command as BaseCommand

LOCAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?")


class Command(BaseCommand):
    help = "Tính hạn trả kết quả của một thời hạn giải quyết."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("value", metavar="LIMIT", type=_number)
        parser.add_argument("unit", metavar="UNIT", type=_unit, help=" | ".join(Unit))
        parser.add_argument("--from", dest="start", metavar="TIME", type=_instant, required=True)
        parser.add_argument("--suspend", metavar="A..B", type=_span, action="append", default=[])
        parser.add_argument("--policy", type=_policy, default=Policy.PAUSE, help=" | ".join(Policy))
        parser.add_argument("--calendar", default=loading.DEFAULT_CODE, help="mã lịch làm việc")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        limit = Limit(options["value"], options["unit"])
        working_time = loading.working_time(str(options["calendar"]))
        case = (limit, options["start"], working_time, options["suspend"], options["policy"])
        found, notes = clock.due(*case), clock.explain(*case)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(limit.unit, found, notes), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_as_lines(found, notes)))


def _as_json(unit: Unit, found: Due, notes: list[DayNote]) -> dict[str, object]:
    return {
        "due_at": found.due_at and found.due_at.isoformat(),
        "lapses_at": found.lapses_at and found.lapses_at.isoformat(),
        "original_due_at": found.original_due_at.isoformat(),
        "suspended": [_part(unit, part) for part in found.suspended],
        "days": [
            {"date": note.date.isoformat(), "counts": note.counts, "why": note.why}
            for note in notes
        ],
    }


def _part(unit: Unit, part: SuspendedPart) -> dict[str, object]:
    hourly = unit == Unit.WORKING_HOUR
    return {
        "from": part.starts_at.isoformat(),
        "to": part.ends_at and part.ends_at.isoformat(),
        "minutes" if hourly else "days": part.minutes if hourly else part.days,
    }


def _as_lines(found: Due, notes: list[DayNote]) -> list[str]:
    due = _shown(found.due_at) if found.due_at else "chưa xác định, đang tạm dừng"
    lines = [f"Hạn trả: {due}", f"Hạn ban đầu: {_shown(found.original_due_at)}"]
    if found.lapses_at:
        lines.append(f"Quá hạn từ: {_shown(found.lapses_at)}")
    for part in found.suspended:
        until = _shown(part.ends_at) if part.ends_at else "nay"
        lines.append(f"Tạm dừng: {_shown(part.starts_at)} đến {until}{_taken(part)}")
    marks = {True: "+", False: " "}
    lines += [f"{marks[note.counts]} {note.date:%d/%m/%Y}  {note.why}" for note in notes]
    return lines


def _taken(part: SuspendedPart) -> str:
    if part.after_lapse:
        return ", sau khi đã quá hạn: không tính"
    if part.minutes is not None:
        return f" ({part.minutes} phút làm việc)"
    return "" if part.days is None else f" ({part.days} ngày)"


def _shown(at: datetime) -> str:
    return f"{at:%H giờ %M phút, ngày %d/%m/%Y}"


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        raise ArgumentTypeError(f"“{text}” không phải là số nguyên dương")
    return int(text)


def _unit(text: str) -> Unit:
    if text not in list(Unit):
        raise ArgumentTypeError(f"không có đơn vị “{text}”; dùng {', '.join(Unit)}")
    return Unit(text)


def _policy(text: str) -> Policy:
    if text not in list(Policy):
        raise ArgumentTypeError(f"không có cách tính “{text}”; dùng {', '.join(Policy)}")
    return Policy(text)


def _instant(text: str) -> datetime:
    """Local time without offset; a bare date is 00:00."""
    try:
        if LOCAL_TIME.fullmatch(text):
            return datetime.fromisoformat(text).replace(tzinfo=ZONE)
    except ValueError:
        pass
    raise ArgumentTypeError(f"“{text}” không phải là thời điểm, ví dụ 2024-04-26T09:00")


def _span(text: str) -> Suspension:
    """`A..B`, or `A..` while it is open."""
    starts, dots, ends = text.partition("..")
    if not dots:
        raise ArgumentTypeError(f"“{text}” không phải là khoảng A..B")
    try:
        return Suspension(_instant(starts), _instant(ends) if ends else None)
    except InvalidSuspension as error:
        raise ArgumentTypeError(error.message) from error

"""What the page of one dossier tells: its facts, its clock and why, its history."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from agencies.scope import Scope
from calendars import clock
from calendars.clock import DayNote, Limit, Policy, Suspension, Unit
from calendars.loading import working_time
from dossiers.ledger import Reason
from dossiers.lifecycle import Move
from dossiers.models import Dossier, DossierEvent, Leg, Party, Status
from dossiers.secrets import decrypt, mask

ACTS = {
    "submit": "Nộp hồ sơ trực tuyến",
    "import": "Nhập từ hệ thống khác",
    Move.ACCEPT: "Tiếp nhận hồ sơ",
    Move.REFUSE: "Không tiếp nhận",
    Move.START: "Bắt đầu xử lý",
    Move.SEND: "Chuyển hồ sơ",
    Move.ACKNOWLEDGE: "Nhận bàn giao",
    Move.RECALL: "Rút lại việc chuyển",
    Move.ASSIGN: "Phân công thụ lý",
    Move.ASK: "Lấy ý kiến phối hợp",
    Move.ANSWER: "Trả lời ý kiến phối hợp",
    Move.SUPPLEMENT: "Yêu cầu bổ sung",
    Move.SUPPLEMENTED: "Nhận đủ bổ sung",
    Move.CHARGE: "Yêu cầu nghĩa vụ tài chính",
    Move.SETTLE: "Đã thực hiện nghĩa vụ tài chính",
    Move.EXTEND: "Gia hạn",
    Move.FINISH: "Có kết quả",
    Move.HAND_OVER: "Trả kết quả",
    Move.WITHDRAW: "Công dân rút hồ sơ",
    Move.STOP: "Dừng giải quyết",
    Move.REOPEN: "Mở lại để sửa kết quả",
    Move.TAKE_BACK: "Thu hồi việc trả kết quả",
    "inherit": "Chuyển giao do sắp xếp cơ quan",
    "recalculate": "Tính lại hạn do lịch làm việc thay đổi",
    # the acts of an imported history
    "suspend": "Tạm dừng",
    "resume": "Tiếp tục",
    "result": "Có kết quả",
    "handover": "Trả kết quả",
    "forward": "Chuyển hồ sơ",
}
REASONS = {
    Reason.ACCEPTED: "tiếp nhận",
    Reason.SUSPENDED: "tạm dừng",
    Reason.RESUMED: "tiếp tục sau tạm dừng",
    Reason.EXTENDED: "gia hạn",
    Reason.CALENDAR: "lịch làm việc thay đổi",
    Reason.REOPENED: "mở lại",
}


@dataclass(frozen=True)
class Line:
    """One act in the history, in words."""

    event: DossierEvent
    title: str
    status: str
    moved_due: bool


@dataclass(frozen=True)
class Masked:
    """Who it is, with number and phone masked; each full view is logged."""

    role: str
    title: str
    party: Party
    citizen_id: str
    phone: str


@dataclass(frozen=True)
class Story:
    dossier: Dossier
    lines: list[Line]
    parties: list[Masked]
    spans: list[tuple[Any, str]] = field(default_factory=list)
    notes: list[DayNote] = field(default_factory=list)
    leg: Leg | None = None


def one(scope: Scope, public_id: UUID) -> Dossier:
    """The dossier with its fellows (one query); DoesNotExist for those out of scope too."""
    return (
        Dossier.objects.in_scope(scope)
        .select_related(
            "version__procedure",
            "version__field",
            "rule_set",
            "lodged_at__committee",
            "competent",
            "held_by",
            "officer",
            "holder",
            "applicant",
        )
        .get(public_id=public_id)
    )


def tell(dossier: Dossier) -> Story:
    """Everything that the page prints besides (fixed queries)."""
    events = dossier.events.select_related("actor", "agency")
    legs = list(dossier.legs.select_related("agency__calendar").order_by("position"))
    lines, parties = [_line(event) for event in events], list(_parties(dossier))
    if not legs:
        return Story(dossier, lines, parties)
    leg = legs[0]
    spans = [(span, REASONS.get(Reason(span.reason), "")) for span in _spans(leg)]
    return Story(dossier, lines, parties, spans, _notes(dossier, leg), leg)


def _line(event: DossierEvent) -> Line:
    status = Status(event.to_status).label if event.to_status else ""
    changed = event.from_status != event.to_status
    moved = event.due_before != event.due_after
    title = ACTS.get(event.act, event.act)
    return Line(event, title, status if changed else "", moved)


def _parties(dossier: Dossier) -> Iterable[Masked]:
    yield _masked("holder", "Chủ hồ sơ", dossier.holder)
    if dossier.applicant is not None:
        yield _masked("applicant", "Người nộp", dossier.applicant)


def _masked(role: str, title: str, party: Party) -> Masked:
    number, phone = party.citizen_id_cipher, party.phone_cipher
    return Masked(
        role,
        title,
        party,
        mask(decrypt(number)) if number else "",
        mask(decrypt(phone)) if phone else "",
    )


def _spans(leg: Leg) -> Any:
    return leg.spans.order_by("in_force")


def _notes(dossier: Dossier, leg: Leg) -> list[DayNote]:
    """Day by day; nothing for a due date that was given from outside."""
    if leg.given_due_at is not None:
        return []
    held: list[Suspension] = [
        Suspension(each.starts_at, _within(each.ends_at, dossier.ended_at))
        for each in dossier.suspensions.all()
    ]
    return clock.explain(
        Limit(leg.limit_value, Unit(leg.limit_unit)),
        leg.accepted_at,
        working_time(leg.agency.calendar),
        held,
        Policy(dossier.version.clock_policy),
    )


def _within(ends_at: datetime | None, ended_at: datetime | None) -> datetime | None:
    return ends_at or ended_at

"""What happened to a dossier, in words: who did what, when, where, and what it changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from agencies.models import Agency, User
from dossiers.lifecycle import Move
from dossiers.models import Delivery, Dossier, DossierEvent, Payment, Status

ACTS = {
    "submit": "Nộp hồ sơ",
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
    "apology_draft": "Soạn thư xin lỗi",
    "apology_edit": "Sửa thư xin lỗi",
    "apology": "Ký thư xin lỗi, hẹn lại",
    "apology_drop": "Bỏ thư xin lỗi",
    "attach": "Bổ sung bản chụp",
    "record_result": "Ghi kết quả",
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


@dataclass(frozen=True)
class Change:
    """What an act changed: `before` is blank for what was not there."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One act in the history."""

    event: DossierEvent
    title: str
    changes: Sequence[Change]
    note: str = ""


@dataclass(frozen=True)
class Names:
    """Of the officers and offices that events tell by their ids."""

    users: Mapping[int, User]
    agencies: Mapping[int, Agency]

    def user(self, pk: int | None) -> str:
        return str(self.users.get(pk or 0, ""))

    def agency(self, pk: int | None) -> str:
        return str(self.agencies.get(pk or 0, ""))


def lines_of(dossier: Dossier) -> list[Line]:
    """In their order (one query, and one each for officers and offices that are told)."""
    events = list(dossier.events.select_related("actor", "agency"))
    names = _names(events)
    return [
        Line(
            event, ACTS.get(event.act, event.act), list(_changes(event, names)), _note(event, names)
        )
        for event in events
    ]


def changed_since(dossier: Dossier, since: int | None, reader: User) -> list[str]:
    """What others did after the last event that the reader saw (one query)."""
    events = dossier.events.exclude(actor=reader).select_related("actor")
    if since is not None:
        events = events.filter(pk__gt=since)
    return [_told(event) for event in events.order_by("-pk")[:3]][::-1]


def _told(event: DossierEvent) -> str:
    who = str(event.actor) if event.actor else "Hệ thống"
    title = ACTS.get(event.act, event.act)
    return f"{who} đã ghi “{title}” lúc {_moment(event.recorded_at)}"


def _names(events: Iterable[DossierEvent]) -> Names:
    users: set[int] = set()
    agencies: set[int] = set()
    for event in events:
        users.update(pk for pk in event.detail.get("officer", ()) if pk)
        agencies.update(pk for pk in event.detail.get("held_by", ()) if pk)
        agencies.update(pk for pk in [event.detail.get("to_agency")] if pk)
    return Names(User.objects.in_bulk(users), Agency.objects.in_bulk(agencies))


def _changes(event: DossierEvent, names: Names) -> Iterator[Change]:
    if event.from_status != event.to_status and event.to_status:
        yield Change("trạng thái", _status(event.from_status), _status(event.to_status))
    if event.due_before != event.due_after:
        after = _moment(event.due_after) if event.due_after else "dừng tính giờ"
        yield Change("hẹn trả", _moment(event.due_before), after)
    for what, key, name in (
        ("nơi giữ hồ sơ", "held_by", names.agency),
        ("người thụ lý", "officer", names.user),
    ):
        if key in event.detail:
            before, after_id = event.detail[key]
            yield Change(what, name(before), name(after_id) or "chưa giao ai")


def _note(event: DossierEvent, names: Names) -> str:
    detail: Mapping[str, Any] = event.detail
    words = [
        f"đến {names.agency(detail['to_agency'])}" if "to_agency" in detail else "",
        _lowered(Delivery(detail["method"]).label) if "method" in detail else "",
        f"phí: {Payment(detail['fees']).label.lower()}" if "fees" in detail else "",
        "trả lời muộn" if detail.get("late") else "",
        f"ghi ngoại tuyến, gửi lúc {_moment(event.recorded_at)}" if detail.get("offline") else "",
    ]
    return ", ".join(word for word in words if word)


def _lowered(words: str) -> str:
    """As inside a sentence; names in it keep their capitals."""
    return words[:1].lower() + words[1:]


def _status(code: int | None) -> str:
    return Status(code).label.lower() if code else ""


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}" if moment else ""

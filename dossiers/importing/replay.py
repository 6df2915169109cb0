"""From events to a history: what may follow what. Pure.

The moves are those that the acts at the counter allow (design: states 1–10); what the law forbids
is refused. Imported history may hold more than one supplement.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from agencies.models import Agency
from calendars.clock import ZONE
from dossiers.forwarding import MOVABLE
from dossiers.importing.catalogue import Catalogue
from dossiers.importing.faults import Wrong
from dossiers.importing.history import Done, History, Move, Wait
from dossiers.importing.rows import Act, EventRow
from dossiers.models.dossier import OPEN, Status

Detail = dict[str, object]

_WORKING = (Status.ACCEPTED, Status.PROCESSING)
_FROM = {
    Act.SUSPEND: _WORKING,
    Act.RESUME: (Status.SUPPLEMENT,),
    Act.EXTEND: _WORKING,
    Act.RESULT: _WORKING,
    Act.HANDOVER: (Status.DONE,),
    Act.WITHDRAW: OPEN,
    Act.STOP: OPEN,
    Act.FORWARD: MOVABLE,
    Act.ACKNOWLEDGE: MOVABLE,
}
_LEADS_TO = {
    Act.SUSPEND: Status.SUPPLEMENT,
    Act.RESUME: Status.PROCESSING,
    Act.RESULT: Status.DONE,
    Act.HANDOVER: Status.RETURNED,
    Act.WITHDRAW: Status.WITHDRAWN,
    Act.STOP: Status.STOPPED,
}
_REFUSALS = {
    (Act.SUSPEND, Status.SUPPLEMENT): "Đang chờ bổ sung: không được yêu cầu bổ sung lần nữa.",
    (Act.RESUME, Status.ACCEPTED): "Không có yêu cầu bổ sung nào đang chờ.",
    (Act.RESUME, Status.PROCESSING): "Không có yêu cầu bổ sung nào đang chờ.",
    (Act.HANDOVER, Status.ACCEPTED): "Chưa có kết quả (result) để trả.",
    (Act.HANDOVER, Status.PROCESSING): "Chưa có kết quả (result) để trả.",
    (Act.RESULT, Status.SUPPLEMENT): "Đang chờ bổ sung: phải nhận đủ (resume) trước.",
    (Act.EXTEND, Status.SUPPLEMENT): "Đang chờ bổ sung: không gia hạn khi thời hạn tạm dừng.",
}


class EventWrong(Exception):
    """The first event that cannot have happened; what follows it is not looked at."""

    def __init__(self, row: int, wrong: Wrong) -> None:
        self.row, self.wrong = row, wrong
        super().__init__(wrong.message)


def replay(
    events: Sequence[EventRow],
    accepted_at: datetime,
    lodged_at: Agency,
    competent: Agency,
    answers: Agency,
    catalogue: Catalogue,
    now: datetime,
) -> History:
    """Go through the events in order of time; refuses the first that cannot have happened."""
    history = History(lodged_at, competent, answers, held_by=lodged_at)
    for event in events:
        try:
            _check_time(event, accepted_at, now)
            _apply(history, event, catalogue)
        except Wrong as wrong:
            raise EventWrong(event.row, wrong) from None
    return history


def _check_time(event: EventRow, accepted_at: datetime, now: datetime) -> None:
    if event.at < accepted_at:
        raise Wrong("at", "Trước khi tiếp nhận hồ sơ.")
    if event.at > now:
        raise Wrong("at", "Sau thời điểm nhập.")


def _apply(history: History, event: EventRow, catalogue: Catalogue) -> None:
    act = Act(event.act)
    _check_legal(history.status, act)
    agency, place = _agency(history, event, catalogue), history.held_by
    before, history.status = history.status, _LEADS_TO.get(act, history.status)
    detail = _EFFECTS[act](history, event, agency)
    if act == Act.ACKNOWLEDGE:
        place = history.held_by  # the receiver's own act
    elif act != Act.FORWARD:
        place = agency
    history.done.append(Done(act, event.at, place, before, history.status, detail))


def _check_legal(status: Status, act: Act) -> None:
    if status in _FROM[act]:
        return
    if status not in OPEN:
        raise Wrong("act", f"Hồ sơ đã kết thúc ({status.label}): không thể có việc này nữa.")
    raise Wrong(
        "act",
        _REFUSALS.get((act, status)) or f"Hồ sơ ở trạng thái “{status.label}” không có việc này.",
    )


def _agency(history: History, event: EventRow, catalogue: Catalogue) -> Agency:
    """Who did it: the holder when the cell is blank. Only forwarding names an agency anew."""
    if not event.agency:
        return history.held_by
    agency = catalogue.agency(event.agency, event.at.astimezone(ZONE).date(), "agency")
    if event.act not in {Act.FORWARD, Act.ACKNOWLEDGE} and not any(
        catalogue.is_same_or_heir(agency, one) for one in history.agencies
    ):
        raise Wrong("agency", "Cơ quan này không tiếp nhận, giải quyết hay được chuyển hồ sơ.")
    return agency


def _suspend(history: History, event: EventRow, _: Agency) -> Detail:
    history.waits.append(Wait(event.at, None, event.reason))
    return {"supplement": len(history.waits)}


def _resume(history: History, event: EventRow, _: Agency) -> Detail:
    history.waits[-1] = history.waits[-1]._replace(ends_at=event.at)
    return {}


def _extend(history: History, event: EventRow, _: Agency) -> Detail:
    assert event.new_date is not None  # the row was refused otherwise
    history.moves.append(Move(event.at, event.new_date, event.reason, event.row))
    return {}


def _forward(history: History, event: EventRow, agency: Agency) -> Detail:
    if history.unacknowledged is not None:
        raise Wrong("act", "Lần chuyển trước chưa được xác nhận (acknowledge).")
    if agency == history.held_by:
        raise Wrong("agency", "Hồ sơ đang ở chính cơ quan này.")
    history.send(agency, event.at, event.reason)
    return {"to_agency": agency.pk, "step": None}


def _acknowledge(history: History, event: EventRow, agency: Agency) -> Detail:
    passage = history.unacknowledged
    if passage is None:
        raise Wrong("act", "Không có lần chuyển nào đang chờ xác nhận.")
    if event.agency and agency != passage.agency:
        raise Wrong("agency", "Hồ sơ được chuyển đến cơ quan khác.")
    if history.status == Status.ACCEPTED:
        history.status = Status.PROCESSING
    before = history.held_by
    history.take_over(passage, event.at)
    return {"held_by": [before.pk, passage.agency.pk]} if before != passage.agency else {}


def _end(history: History, event: EventRow, _: Agency) -> Detail:
    history.end(event.at)
    return {}


def _close(history: History, event: EventRow, agency: Agency) -> Detail:
    history.closing_reason = event.reason
    return _end(history, event, agency)


def _handover(history: History, event: EventRow, _: Agency) -> Detail:
    history.returned_at = event.at
    if history.passages and history.passages[-1].done_at is None:
        history.passages[-1].done_at = event.at
    return {}


_EFFECTS: dict[Act, Callable[[History, EventRow, Agency], Detail]] = {
    Act.SUSPEND: _suspend,
    Act.RESUME: _resume,
    Act.EXTEND: _extend,
    Act.RESULT: _end,
    Act.HANDOVER: _handover,
    Act.WITHDRAW: _close,
    Act.STOP: _close,
    Act.FORWARD: _forward,
    Act.ACKNOWLEDGE: _acknowledge,
}

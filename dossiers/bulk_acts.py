"""What may be done with many dossiers at once (xử lý hàng loạt), and what each act asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agencies.models import Agency, User
from dossiers import assignment, errors, forwarding, handover, lifecycle
from dossiers.models import Dossier

# Ids only: what stands in the row of a run tells nothing of anybody.
Arguments = Mapping[str, int | None]
Perform = Callable[[Dossier, User, datetime, UUID, Arguments], object]


@dataclass(frozen=True)
class BulkAct:
    name: str
    title: str
    # What the confirmation says will be done with each.
    words: str
    perform: Perform | None
    asks: tuple[str, ...] = ()
    # The slugs of the lists that offer it; () for all.
    lists: tuple[str, ...] = ()


def _assign(
    dossier: Dossier, actor: User, now: datetime, request_id: UUID, given: Arguments
) -> object:
    officer = User.objects.filter(pk=given.get("officer") or 0).first()
    if officer is None:
        raise errors.BulkRefused("Chưa chọn người xử lý.")
    return assignment.assign(dossier, actor=actor, now=now, request_id=request_id, officer=officer)


def _send(
    dossier: Dossier, actor: User, now: datetime, request_id: UUID, given: Arguments
) -> object:
    place = Agency.objects.filter(pk=given.get("to_agency") or 0).first()
    if place is None:
        raise errors.BulkRefused("Chưa chọn nơi nhận.")
    officer = User.objects.filter(pk=given.get("officer") or 0).first()
    return forwarding.send(
        dossier, actor=actor, now=now, request_id=request_id, to_agency=place, to_officer=officer
    )


def _plain(act: Callable[..., object]) -> Perform:
    return lambda dossier, actor, now, request_id, given: act(
        dossier, actor=actor, now=now, request_id=request_id
    )


_IN_HAND = ("own", "office", "overdue", "apology", "today", "d1", "d2", "d3", "risk")
ACTS = {
    each.name: each
    for each in (
        BulkAct(
            "acknowledge",
            "Nhận bàn giao",
            "Ghi nhận cơ quan đã nhận bàn giao từng hồ sơ.",
            _plain(forwarding.acknowledge),
            lists=("incoming",),
        ),
        BulkAct(
            "start_processing",
            "Bắt đầu xử lý",
            "Bạn nhận xử lý từng hồ sơ; trạng thái chuyển sang Đang xử lý.",
            _plain(lifecycle.start_processing),
            lists=_IN_HAND,
        ),
        BulkAct(
            "assign",
            "Phân công người xử lý",
            "Giao từng hồ sơ cho người được chọn.",
            _assign,
            asks=("officer",),
            lists=_IN_HAND,
        ),
        BulkAct(
            "send",
            "Chuyển hồ sơ",
            "Chuyển từng hồ sơ đến nơi nhận; nơi nhận sẽ xác nhận bàn giao.",
            _send,
            asks=("to_agency", "officer"),
            lists=(*_IN_HAND, "results"),
        ),
        BulkAct(
            "hand_over",
            "Trả kết quả",
            "Ghi đã trả kết quả từng hồ sơ cho chủ hồ sơ tại quầy.",
            _plain(handover.hand_over),
            lists=("results", "unclaimed"),
        ),
        BulkAct(
            "print",
            "In giấy tờ",
            "Lập một tệp PDF gồm giấy tiếp nhận và các phiếu đã cấp của từng hồ sơ.",
            None,
        ),
    )
}


def offered(slug: str) -> list[BulkAct]:
    return [each for each in ACTS.values() if not each.lists or slug in each.lists]


def known(name: str) -> BulkAct:
    if name not in ACTS:
        raise errors.BulkRefused("Không có việc hàng loạt này.")
    return ACTS[name]

"""The result goes to the citizen (trả kết quả); after the clock's end, overdue or not.

What is still due is settled, or waived on a ground, in the same act: nobody leaves with a result
and an open fee.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agencies.models import Agency, User
from dossiers import errors, financial, permission, uploads
from dossiers.acting import Act, performing
from dossiers.models import Delivery, Dossier, Handover, Payment, Status, StepRun
from dossiers.reasons import given
from motcua.text import clean

Receiver = Handover.Receiver
IMAGES = ("image/png", "image/jpeg")


@dataclass(frozen=True)
class Receipt:
    """Who got it and how; refuses what does not fit together."""

    method: str = Delivery.COUNTER
    receiver: str = Receiver.HOLDER
    receiver_name: str = ""
    post_number: str = ""

    def cleaned(self) -> "Receipt":
        if self.method not in Delivery.values or self.receiver not in Receiver.values:
            raise errors.ReceiptInvalid
        is_authorised = self.receiver == Receiver.AUTHORISED
        name = clean(self.receiver_name)[:200] if is_authorised else ""
        if is_authorised and not name:
            raise errors.ReceiptInvalid(
                "Cần ghi họ tên người được ủy quyền.",
                fields={"receiver_name": "Cần ghi họ tên người được ủy quyền."},
            )
        is_posted = self.method == Delivery.POST
        number = clean(self.post_number)[:40] if is_posted else ""
        return Receipt(self.method, self.receiver, name, number)


def hand_over(
    dossier: Dossier,
    *,
    actor: User,
    now: datetime,
    request_id: UUID,
    method: str = Delivery.COUNTER,
    receiver: str = Receiver.HOLDER,
    receiver_name: str = "",
    post_number: str = "",
    signature_id: UUID | None = None,
    settle: bool = False,
    waiver_ground: str = "",
) -> Dossier:
    """State 10. `signature_id`: the uploaded picture of a signature on the screen."""
    receipt = Receipt(method, receiver, receiver_name, post_number).cleaned()
    with performing("hand_over", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require(_places(act.dossier))
            act.move(Status.RETURNED)
            _close_fees(act, settle=settle, waiver_ground=clean(waiver_ground)[:300])
            _record(act, receipt, signature_id)
            act.changes |= {"returned_at": now, "delivered_at": now}
            # The citizen has it: nothing is on its way to another office any more.
            StepRun.objects.filter(dossier=act.dossier, done_at__isnull=True).update(done_at=now)
    return act.dossier


def take_back(
    dossier: Dossier, *, actor: User, now: datetime, request_id: UUID, reason: str
) -> Dossier:
    """A recorded correction, 10 → 9: it had not been handed over."""
    reason = given(reason)
    with performing("take_back", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require(_places(act.dossier), permission.LEADERS)
            act.correct(Status.DONE)
            Handover.objects.filter(dossier=act.dossier, taken_back_at__isnull=True).update(
                taken_back_at=now
            )
            act.changes |= {"returned_at": None, "delivered_at": None, "closing_reason": reason}
    return act.dossier


def _record(act: Act, receipt: Receipt, signature_id: UUID | None) -> None:
    at_counter = receipt.method == Delivery.COUNTER
    signature = uploads.take(signature_id, act.actor, *IMAGES) if signature_id else None
    Handover.objects.create(
        dossier=act.dossier,
        at=act.now,
        method=receipt.method,
        receiver=receipt.receiver,
        receiver_name=receipt.receiver_name,
        post_number=receipt.post_number,
        signature=signature if at_counter else None,
        handed_by=act.actor,
    )
    act.detail |= {"method": receipt.method, "receiver": receipt.receiver}


def _close_fees(act: Act, *, settle: bool, waiver_ground: str) -> None:
    if act.dossier.financial_status != Payment.DUE:
        return
    if not settle and not waiver_ground:
        raise errors.FeesUnsettled(fields={"fee": "Chọn đã thu đủ hoặc được miễn."})
    state = Payment.WAIVED if waiver_ground else Payment.SETTLED
    financial.close(act, state, waiver_ground)
    act.detail["fees"] = state


def _places(dossier: Dossier) -> list[Agency]:
    return [dossier.held_by, dossier.lodged_at, dossier.competent]

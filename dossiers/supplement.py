"""The citizen is asked to add papers (yêu cầu bổ sung, Mẫu 02), once, fully, specifically.

In the examination stage the clock stands still, or runs anew afterwards, by the version's policy;
one request is all that the rule set allows. Before acceptance no clock runs yet.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from agencies.models import User
from dossiers import ending, errors, legs, slips, step_clock
from dossiers.acting import Act, performing
from dossiers.models import Dossier, SlipKind, Status, SupplementRequest
from dossiers.models import Suspension as Wait
from dossiers.reasons import given
from motcua.text import clean

Stage = SupplementRequest.Stage


def request(
    dossier: Dossier,
    *,
    actor: User,
    now: datetime,
    request_id: UUID,
    items: Sequence[str],
    reason: str,
    legal_ground: str = "",
) -> Dossier:
    """State 5; the due moment is unknown until the supplement is complete."""
    reason, wanted = given(reason), _items(items)
    with performing("supplement", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.lodged_at])
            _refuse_second(act.dossier)
            act.move(Status.SUPPLEMENT)
            supplement = _ask(act, wanted, reason, clean(legal_ground)[:300])
            act.detail["supplement"] = supplement.number
            if supplement.stage == Stage.EXAMINATION:
                _stand_still(act, supplement)
            slips.issue(
                act.dossier, SlipKind.SUPPLEMENT, actor=actor, now=now, supplement=supplement
            )
    return act.dossier


def complete(dossier: Dossier, *, actor: User, now: datetime, request_id: UUID) -> Dossier:
    """Everything asked for is there: 5 → 4 and the clock goes on; before acceptance 5 → 1."""
    with performing("supplemented", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.lodged_at])
            act.stay_in(Status.SUPPLEMENT)
            SupplementRequest.objects.filter(dossier=act.dossier, completed_at__isnull=True).update(
                completed_at=now
            )
            if act.dossier.accepted_at is None:
                act.move(Status.REGISTERED)
            else:
                act.move(Status.PROCESSING)
                go_on(act)
    return act.dossier


def go_on(act: Act) -> None:
    """The open suspension ends now; every open leg gets its due moment again."""
    open_legs = legs.open_legs(act.dossier, act.now)
    Wait.objects.filter(dossier=act.dossier, ends_at__isnull=True).update(ends_at=act.now)
    legs.resume(act.dossier, open_legs, act.now)
    ending.show_lodged(act, open_legs)
    step_clock.catch_up(act.dossier)


def _items(items: Sequence[str]) -> list[str]:
    wanted = [line for line in (clean(item) for item in items) if line]
    if not wanted or len(wanted) > 50 or any(len(line) > 500 for line in wanted):
        raise errors.ReasonMissing(
            "Cần ghi đầy đủ, cụ thể giấy tờ phải bổ sung.",
            fields={"items": "Mỗi dòng một giấy tờ."},
        )
    return wanted


def _refuse_second(dossier: Dossier) -> None:
    if dossier.status == Status.SUPPLEMENT:
        raise errors.SecondSupplement("Đang chờ bổ sung: không được yêu cầu bổ sung lần nữa.")
    allowed = dossier.rule_set.supplements_allowed
    if dossier.accepted_at is not None and dossier.supplement_count >= allowed:
        raise errors.SecondSupplement


def _ask(act: Act, items: list[str], reason: str, legal_ground: str) -> SupplementRequest:
    dossier = act.dossier
    is_accepted = dossier.accepted_at is not None
    if is_accepted:
        act.changes["supplement_count"] = dossier.supplement_count + 1
    return SupplementRequest.objects.create(
        dossier=dossier,
        number=dossier.supplements.count() + 1,
        stage=Stage.EXAMINATION if is_accepted else Stage.BEFORE_ACCEPTANCE,
        items=items,
        reason=reason,
        legal_ground=legal_ground,
        requested_at=act.now,
        requested_by=act.actor,
    )


def _stand_still(act: Act, supplement: SupplementRequest) -> None:
    open_legs = legs.open_legs(act.dossier, act.now)
    Wait.objects.create(
        dossier=act.dossier,
        ground=Wait.Ground.SUPPLEMENT,
        supplement=supplement,
        starts_at=act.now,
    )
    legs.suspend(open_legs, act.now)
    ending.show_lodged(act, open_legs)

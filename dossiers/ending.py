"""How a dossier's work ends, whatever the act: every open leg ends with it, nothing waits on."""

from dossiers import legs
from dossiers.acting import Act
from dossiers.models import Apology, Leg, Status, StepRun
from dossiers.models import Suspension as Wait


def end(act: Act, *, negative: bool) -> None:
    """`negative`: withdrawn or stopped, in time or overdue but never early."""
    dossier, now = act.dossier, act.now
    act.changes["ended_at"] = now
    if dossier.accepted_at is None:  # no clock ran
        return
    open_legs = legs.open_legs(dossier, now)
    legs.end(dossier, open_legs, now, negative=negative)
    if dossier.status in {Status.SUPPLEMENT, Status.FINANCIAL}:
        Wait.objects.filter(dossier=dossier, ends_at__isnull=True).update(ends_at=now)
    StepRun.objects.filter(dossier=dossier, done_at__isnull=True).update(done_at=now)
    # A letter that nobody signed has nothing to say any more.
    drafts = Apology.objects.filter(dossier=dossier, signed_at=None, dropped_at=None)
    drafts.update(dropped_at=now)
    for one in open_legs:
        if one.is_lodged:
            show(act, one.leg)
            act.detail["outcome"] = one.leg.outcome


def show(act: Act, lodged: Leg) -> None:
    """The dossier's own due moment is that of its lodged leg."""
    act.changes |= {"due_at": lodged.due_at, "lapses_at": lodged.lapses_at}


def show_lodged(act: Act, open_legs: list[legs.OpenLeg]) -> None:
    for one in open_legs:
        if one.is_lodged:
            show(act, one.leg)

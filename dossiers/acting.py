"""The frame of every act on a dossier: lock, refuse, change, write the event, in one transaction.

The row's lock makes acts on one dossier follow one another; whoever comes second finds a state
other than the one he saw and is refused. The same request id again changes nothing.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agencies.models import Agency, User
from dossiers import errors, permission, telling
from dossiers.models import Dossier, DossierEvent, Status
from dossiers.moves import CORRECTIONS, allowed_from

logger = logging.getLogger(__name__)


@dataclass
class Act:
    """An act under way on the locked dossier; what it changes is written at its end."""

    name: str
    dossier: Dossier
    actor: User
    now: datetime
    request_id: UUID
    # This very act was done before, by the same person: nothing is left to do.
    is_repeated: bool = False
    detail: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    # Where it was done, when elsewhere than in the office that has the dossier.
    place_id: int | None = None

    def require(self, places: Iterable[Agency], roles: Iterable[str] = permission.STAFF) -> None:
        permission.require(self.actor, places, roles, self.now)

    def move(self, to: Status) -> None:
        if to not in allowed_from(self.dossier):
            raise errors.MoveNotAllowed
        self.changes["status"] = to

    def correct(self, to: Status) -> None:
        if to not in CORRECTIONS.get(Status(self.dossier.status), ()):
            raise errors.MoveNotAllowed
        self.changes["status"] = to

    def stay_in(self, *statuses: Status) -> None:
        if self.dossier.status not in statuses:
            raise errors.MoveNotAllowed


@contextmanager
def performing(
    name: str, dossier: Dossier, *, actor: User, now: datetime, request_id: UUID
) -> Iterator[Act]:
    """Lock the dossier and yield the act; what it changed and its event are written after it."""
    with transaction.atomic():
        act = Act(name, _lock(dossier), actor, now, request_id)
        act.is_repeated = _is_repeated(act)
        if not act.is_repeated:
            _refuse_stale(dossier, act)
        yield act
        if not act.is_repeated:
            _write(act)


def _lock(dossier: Dossier) -> Dossier:
    return (
        Dossier.objects.select_for_update(of=("self",))
        .select_related(
            "version", "rule_set", "lodged_at", "competent", "held_by", "holder", "applicant"
        )
        .get(pk=dossier.pk)
    )


def _is_repeated(act: Act) -> bool:
    event = DossierEvent.objects.filter(request_id=act.request_id).first()
    if event is None:
        return False
    same = (event.dossier_id, event.act, event.actor_id)
    if same != (act.dossier.pk, act.name, act.actor.pk):
        raise errors.RequestReplayed
    return True


def _refuse_stale(seen: Dossier, act: Act) -> None:
    locked = act.dossier
    if (seen.status, seen.held_by_id) != (locked.status, locked.held_by_id):
        raise errors.DossierChanged
    latest = max(
        filter(None, (locked.submitted_at, locked.accepted_at, locked.ended_at)), default=None
    )
    if latest is not None and act.now < latest:
        raise errors.TooEarly


def _write(act: Act) -> None:
    dossier, due_before = act.dossier, act.dossier.due_at
    from_status, place = dossier.status, act.place_id or dossier.held_by_id
    _tell_hands(act)
    for name, value in act.changes.items():
        setattr(dossier, name, value)
    if act.changes:
        names = [Dossier._meta.get_field(name).name for name in act.changes]
        dossier.save(update_fields=names, force_update=True)
    event = DossierEvent.objects.create(
        dossier=dossier,
        act=act.name,
        at=act.now,
        recorded_at=act.now,
        request_id=act.request_id,
        actor=act.actor,
        agency_id=place,
        from_status=from_status,
        to_status=dossier.status,
        due_before=due_before,
        due_after=dossier.due_at,
        detail=act.detail,
    )
    telling.after(event, dossier)
    logger.info("dossier act=%s id=%s status=%s", act.name, dossier.pk, dossier.status)


def _tell_hands(act: Act) -> None:
    """Who and which office had it, and who has it now: [before, after], for the history."""
    for name in ("officer", "held_by"):
        if name in act.changes:
            after = act.changes[name]
            pair = [getattr(act.dossier, f"{name}_id"), after.pk if after else None]
            if pair[0] != pair[1]:
                act.detail[name] = pair

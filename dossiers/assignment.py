"""Who works on it inside the office that has it (phân công thụ lý).

The leader gives it to anybody of the office; an officer passes on what is his own, or takes what
nobody has.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from agencies.models import User
from dossiers import errors, permission
from dossiers.acting import Act, performing
from dossiers.models import Dossier, Status, StepRun

ASSIGNABLE = (
    Status.ACCEPTED,
    Status.PROCESSING,
    Status.SUPPLEMENT,
    Status.FINANCIAL,
    Status.DONE,
)


def assign(
    dossier: Dossier, *, actor: User, now: datetime, request_id: UUID, officer: User
) -> Dossier:
    """The dossier and the step under way are in this officer's hands; nothing else moves."""
    with performing("assign", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.stay_in(*ASSIGNABLE)
            _require(act, officer)
            if act.dossier.officer_id == officer.pk:
                raise errors.AssignmentInvalid("Hồ sơ đang do chính người này thụ lý.")
            _run_of_office(act).update(officer=officer)
            act.changes["officer"] = officer
    return act.dossier


def _require(act: Act, officer: User) -> None:
    here = [act.dossier.held_by]
    own = act.dossier.officer_id == act.actor.pk
    takes = act.dossier.officer_id is None and officer.pk == act.actor.pk
    act.require(here, permission.STAFF if own or takes else permission.LEADERS)
    works_here = permission.appointments(officer, here, permission.STAFF, act.now).exists()
    if not officer.is_active or not works_here:
        raise errors.AssignmentInvalid(
            "Người này không làm việc tại nơi đang giữ hồ sơ.",
            fields={"officer": "Người này không làm việc tại nơi đang giữ hồ sơ."},
        )


def _run_of_office(act: Act) -> QuerySet[StepRun]:
    """The step that the office is at; one on its way elsewhere keeps its receiver."""
    return StepRun.objects.filter(
        dossier=act.dossier,
        agency=act.dossier.held_by_id,
        acknowledged_at__isnull=False,
        done_at__isnull=True,
    )

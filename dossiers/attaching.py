"""Papers scanned after they were handed in (bổ sung bản chụp): a file for each component."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from agencies.models import Agency, User
from agencies.scope import Scope
from dossiers import errors, permission, uploads
from dossiers.acting import performing
from dossiers.models import Dossier
from dossiers.models.dossier import OPEN, Status

# Refused and withdrawn ones stay as they were handed in.
ATTACHED_IN = (Status.REGISTERED, *OPEN, Status.DONE)


def may_attach(dossier: Dossier, scope: Scope) -> bool:
    """For the button; the act checks again."""
    is_time = dossier.status in ATTACHED_IN
    return is_time and permission.allows(scope, _places(dossier), permission.STAFF)


def attach(
    dossier: Dossier,
    *,
    actor: User,
    now: datetime,
    request_id: UUID,
    papers: Mapping[int, UUID],
) -> Dossier:
    """`papers`: by the component's position, the public id of one's own upload. All or none.

    A paper that has its file keeps it. The same request id again attaches nothing.
    """
    with performing("attach", dossier, actor=actor, now=now, request_id=request_id) as act:
        if act.is_repeated:
            return act.dossier
        act.require(_places(act.dossier))
        act.stay_in(*ATTACHED_IN)
        if not papers:
            raise errors.FileRefused("Chưa chọn tệp nào.")
        waiting = act.dossier.components.filter(file__isnull=True, position__in=papers)
        found = {one.position: one for one in waiting.select_for_update()}
        if set(found) != set(papers):
            raise errors.DossierChanged("Giấy tờ này đã có bản chụp. Hãy tải lại trang.")
        for position, paper in sorted(found.items()):
            paper.file = uploads.take(papers[position], actor)
            paper.save(update_fields=["file"])
        act.detail = {"positions": sorted(papers)}
    return act.dossier


def _places(dossier: Dossier) -> list[Agency]:
    return [dossier.held_by, dossier.lodged_at, dossier.competent]

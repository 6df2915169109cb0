"""Which state may follow which (chuyển trạng thái hồ sơ)? The national codes 1–10. Pure."""

from dossiers.models.dossier import Dossier, Status

ALLOWED: dict[Status, frozenset[Status]] = {
    Status.REGISTERED: frozenset(
        {Status.ACCEPTED, Status.REFUSED, Status.SUPPLEMENT, Status.WITHDRAWN}
    ),
    Status.ACCEPTED: frozenset(
        {
            Status.PROCESSING,
            Status.SUPPLEMENT,
            Status.FINANCIAL,
            Status.WITHDRAWN,
            Status.STOPPED,
            Status.DONE,
        }
    ),
    Status.REFUSED: frozenset(),
    Status.PROCESSING: frozenset(
        {Status.SUPPLEMENT, Status.FINANCIAL, Status.WITHDRAWN, Status.STOPPED, Status.DONE}
    ),
    Status.SUPPLEMENT: frozenset({Status.PROCESSING, Status.WITHDRAWN, Status.STOPPED}),
    Status.FINANCIAL: frozenset({Status.PROCESSING, Status.WITHDRAWN, Status.STOPPED, Status.DONE}),
    Status.WITHDRAWN: frozenset(),
    Status.STOPPED: frozenset(),
    Status.DONE: frozenset({Status.RETURNED}),
    Status.RETURNED: frozenset(),
}
# A supplement asked for before acceptance: no clock runs yet.
BEFORE_ACCEPTANCE = frozenset(
    {Status.REGISTERED, Status.ACCEPTED, Status.REFUSED, Status.WITHDRAWN}
)
# Recorded corrections by a leader.
CORRECTIONS: dict[Status, frozenset[Status]] = {
    Status.DONE: frozenset({Status.PROCESSING}),
    Status.RETURNED: frozenset({Status.DONE}),
}


def allowed_from(dossier: Dossier) -> frozenset[Status]:
    """Where the dossier may go next, corrections aside."""
    status = Status(dossier.status)
    if status == Status.SUPPLEMENT and dossier.accepted_at is None:
        return BEFORE_ACCEPTANCE
    return ALLOWED[status]

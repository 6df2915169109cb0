"""A reason that an officer gives: never empty, never endless."""

from dossiers import errors
from motcua.text import clean

LONGEST = 1000


def given(reason: str) -> str:
    """Clean text; refuses none (a technical error code is no reason either, but who can tell)."""
    reason = clean(reason)
    if not reason:
        raise errors.ReasonMissing(fields={"reason": "Cần ghi lý do cụ thể."})
    if len(reason) > LONGEST:
        raise errors.ReasonMissing(
            f"Lý do dài quá {LONGEST} ký tự.", fields={"reason": "Lý do quá dài."}
        )
    return reason

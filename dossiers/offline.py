"""Intake while the counter had no network (tiếp nhận khi mất kết nối), sent when it is back.

The browser keeps each entry under its intake key and sends it until it is answered; the citizen's
date of receipt is the moment of the click at the counter, by the device's clock corrected by what
it last differed from the server's (Nghị định 61/2018/NĐ-CP, Điều 17: the appointment counts from
receipt). The same entry again gives the same dossier, also after the seven days.

What the encryption in the browser is worth. Entries lie in IndexedDB under AES-GCM. The key is
derived here for each user, from FIELD_HASH_KEY, which does not rotate; it is imported so that
scripts cannot read it back, and removed at sign-out: whoever takes the disk, or signs in as
somebody else, reads nothing. It does not protect against a person at an unlocked browser of a
signed-in clerk, against scripts of our own pages (the content policy allows no others), nor
against the browser's own process: like any other form on the screen, what is typed is plain while
it is typed. While a session ran out in silence (no network, nobody clicked) the key stays, or the
counter could not go on; the sign-in page removes it. An entry sealed for a user whose account is
closed can be read by nobody any more: its provisional receipt on paper is then the record.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import Count

from agencies.models import User
from dossiers import errors, intake, permission
from dossiers.models import Dossier
from dossiers.requests import IntakeRequest
from dossiers.secrets import keyed_hash

logger = logging.getLogger(__name__)
# The server's own clock and the browser's correction (whole seconds) may differ by this.
AHEAD = timedelta(minutes=2)
USUAL, USUAL_OVER = 10, timedelta(days=90)


def accept(
    request: IntakeRequest, *, officer: User, taken_at: datetime, now: datetime
) -> tuple[Dossier, bool]:
    """The dossier, and whether it is new. The role must be held then and now."""
    if first := _first_of(request, officer, now):
        return first, False
    if taken_at > now + AHEAD:
        raise errors.MomentInvalid
    permission.require(officer, [request.agency], permission.STAFF, now)
    at = min(taken_at, now)
    return intake.accept(request, officer=officer, now=at, recorded_at=now), True


def drop(key: UUID, *, actor: User, taken_at: str, reason: str) -> None:
    """A clerk gave an entry up that was refused: nothing but who, when and why is known here."""
    logger.warning(
        "offline entry dropped user=%s key=%s taken_at=%s reason=%s",
        actor.pk,
        key,
        taken_at,
        reason,
    )


def key_of(user: User) -> bytes:
    """The 32 bytes under which this user's entries are sealed in the browser."""
    info = f"motcua offline queue 1: user {user.pk}".encode()
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=info)
    return kdf.derive(settings.FIELD_HASH_KEY.encode())


def owner_of(user: User) -> str:
    """What tells one user's entries from another's; says nothing else."""
    return keyed_hash(f"offline owner {user.pk}")[:12].hex()


def usual(agencies: Collection[int], now: datetime) -> list[str]:
    """The codes of the procedures that these counters take most, the most frequent first."""
    recent = Dossier.objects.filter(lodged_at__in=agencies, accepted_at__gte=now - USUAL_OVER)
    counted = recent.values("version__procedure__code").annotate(number=Count("pk"))
    most = counted.order_by("-number", "version__procedure__code")
    return list(most.values_list("version__procedure__code", flat=True)[:USUAL])


def _first_of(request: IntakeRequest, officer: User, now: datetime) -> Dossier | None:
    known = Dossier.objects.filter(lodged_at=request.agency, intake_key=request.intake_key)
    if not known.exists():
        return None
    first = intake.first_of(request.cleaned(), officer, now)
    if first.accepted_at is None:
        raise errors.KeyReplayed  # sent back or refused with the same form
    return first

"""Looking at the full number or phone of a party; every look is kept (MaskedView)."""

from datetime import datetime

from agencies.models import User
from dossiers.models import Dossier, MaskedView, Party
from dossiers.secrets import decrypt

KINDS = ("citizen_id", "phone")


def reveal(
    party: Party,
    what: str,
    *,
    dossier: Dossier | None,
    viewer: User,
    now: datetime,
    address: str | None = None,
) -> str:
    """The full value, logged before it is shown; "" when the party gave none."""
    cipher = {"citizen_id": party.citizen_id_cipher, "phone": party.phone_cipher}[what]
    if cipher is None:
        return ""
    MaskedView.objects.create(
        party=party, dossier=dossier, what=what, viewer=viewer, at=now, address=address
    )
    return decrypt(cipher)

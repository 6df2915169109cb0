"""Encrypt every number and phone anew with the first of FIELD_KEYS (xoay khóa)."""

from collections.abc import Iterator

from django.db import transaction

from dossiers.models import Party
from dossiers.secrets import current_key_id, decrypt, encrypt, key_id_of

BATCH = 1_000
_CIPHERS = ("citizen_id_cipher", "phone_cipher")


def rotate() -> int:
    """How many parties changed. It may be stopped and run again, beside running intakes."""
    changed = 0
    for first, last in _ranges():
        with transaction.atomic():
            parties = [
                party
                for party in Party.objects.filter(pk__gt=first, pk__lte=last).select_for_update()
                if _renew(party)
            ]
            Party.objects.bulk_update(parties, _CIPHERS)
        changed += len(parties)
    return changed


def _ranges() -> Iterator[tuple[int, int]]:
    last = 0
    while ids := list(
        Party.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield last, ids[-1]
        last = ids[-1]


def _renew(party: Party) -> bool:
    is_changed = False
    for name in _CIPHERS:
        cipher = getattr(party, name)
        if cipher is not None and key_id_of(cipher) != current_key_id():
            setattr(party, name, encrypt(decrypt(cipher)))
            is_changed = True
    return is_changed

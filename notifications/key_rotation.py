"""Encrypt the recipients of messages anew with the first of FIELD_KEYS (xoay khóa)."""

from django.db import transaction

from motcua.secrets import current_key_id, decrypt, encrypt, key_id_of
from notifications.models import Message

BATCH = 1_000


def rotate() -> int:
    """How many messages changed. It may be stopped and run again, beside working workers."""
    changed, last = 0, 0
    while True:
        with transaction.atomic():
            rows = Message.objects.filter(pk__gt=last).order_by("pk").only("recipient")
            batch = list(rows.select_for_update()[:BATCH])
            old = [one for one in batch if key_id_of(one.recipient) != current_key_id()]
            for one in old:
                one.recipient = encrypt(decrypt(one.recipient))
            Message.objects.bulk_update(old, ["recipient"])
        changed += len(old)
        if not batch:
            return changed
        last = batch[-1].pk

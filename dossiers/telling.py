"""Which acts tell the citizen what (tin nhắn cho công dân)?

Called by the frame of the acts and by the intake, in their transaction: one INSERT at most, none
for who has neither phone nor e-mail. A phone goes over as the ciphertext that it is: nobody reads
it before the worker that sends. The context holds no name and no number.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from dossiers.models import Dossier, DossierEvent
from motcua.text import clean
from notifications import outbox
from notifications.models import Channel, Event
from notifications.outbox import Wanted

EVENTS = {
    "accept": Event.ACCEPTED,
    "supplement": Event.SUPPLEMENT,
    "charge": Event.FINANCIAL,
    "finish": Event.READY,
    "apology": Event.APOLOGY,
    "refuse": Event.REFUSED,
    "stop": Event.STOPPED,
}
# Solved while the citizen waits: there is nothing to come back for.
_ON_THE_SPOT = frozenset({"accept", "finish"})


class Contact(NamedTuple):
    """A party's id, and by what it can be told something."""

    pk: int
    phone_cipher: bytes | memoryview | None
    email: str


def after(event: DossierEvent, dossier: Dossier, contacts: Iterable[Contact] | None = None) -> None:
    """What this act tells, to the holder; to the applicant of a holder that cannot be reached.

    `contacts` in that order where the dossier's parties are not at hand.
    """
    told = EVENTS.get(event.act)
    if told is None or (event.act in _ON_THE_SPOT and dossier.version.immediate):
        return
    reached = _reached(_of(dossier) if contacts is None else contacts)
    if reached is not None:
        outbox.queue_many(list(_wanted(told, event, dossier, reached)), now=event.recorded_at)


def _of(dossier: Dossier) -> Iterator[Contact]:
    for party in (dossier.holder, dossier.applicant):
        if party is not None:
            yield Contact(party.pk, party.phone_cipher, party.email)


def _reached(contacts: Iterable[Contact]) -> Contact | None:
    return next((one for one in contacts if one.phone_cipher or one.email), None)


def _wanted(
    told: Event, event: DossierEvent, dossier: Dossier, contact: Contact
) -> Iterator[Wanted]:
    context = _context(event, dossier)
    ways = ((Channel.SMS, contact.phone_cipher), (Channel.EMAIL, contact.email))
    for channel, recipient in ways:
        if recipient:
            key = f"{told}:{event.request_id}:{channel}"
            yield Wanted(key, told, channel, recipient, context, dossier.public_id)


def _context(event: DossierEvent, dossier: Dossier) -> Mapping[str, Any]:
    return {
        "code": dossier.code or "",
        "procedure": clean(dossier.version.name),
        "agency": dossier.lodged_at.name,
        "due": _moment(dossier.due_at),
        "promised": _moment(dossier.promised_at),
        "reason": event.detail.get("cause", ""),
        "link": settings.PUBLIC_URL,
    }


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}" if at else "—"

"""Who stands at the counter: somebody known by number or phone, with what is open already.

Only an exact, whole number finds anybody; what is filled in is logged (MaskedView, "fill"), and
the number of look-ups is limited, so that nobody tries numbers one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Q

from agencies.models import User
from agencies.scope import Scope
from dossiers.models import OPEN, Dossier, MaskedView, Party, Status
from dossiers.secrets import decrypt, keyed_hash
from motcua.errors import DomainError

FILL = "fill"
# Within so many days the same request again is probably a mistake.
RECENT = timedelta(days=30)
LISTED = 5
MOST, WITHIN = 40, 600  # look-ups, seconds
_WAITING = (*OPEN, Status.REGISTERED)


class TooManyLookUps(DomainError):
    code = "too_many_look_ups"
    message = "Tra cứu quá nhiều lần; xin gõ tay, hoặc thử lại sau ít phút."


@dataclass(frozen=True)
class Known:
    """What is filled in; never the number: whoever has only the phone does not learn it."""

    name: str
    phone: str
    email: str
    address: str


@dataclass(frozen=True)
class Duplicates:
    """The same person's dossiers of the same procedure: those in scope, and how many elsewhere."""

    seen: Sequence[Dossier]
    elsewhere: int


def count_look_up(user: User, what: str = FILL) -> None:
    """Refuses after too many in ten minutes; each kind of look-up by itself."""
    key = f"{what}:{user.pk}"
    if cache.add(key, 1, WITHIN):
        return
    try:
        count = cache.incr(key)
    except ValueError:  # it ended in between
        return
    if count > MOST:
        raise TooManyLookUps


def find(number: str, phone: str, kind: str) -> Party | None:
    """The party of the number, else the only one with this phone (one statement)."""
    if number:
        return Party.objects.filter(kind=kind, citizen_id_hash=keyed_hash(number)).first()
    if not phone:
        return None
    found = list(Party.objects.filter(kind=kind, phone_hash=keyed_hash(phone)).order_by("-pk")[:20])
    # Two people may share a phone: then nobody is filled in.
    return found[0] if len({party.name_fold for party in found}) == 1 else None


def fill(party: Party, *, viewer: User, now: datetime, address: str | None) -> Known:
    """What the form takes over; on record before it is shown."""
    MaskedView.objects.create(party=party, what=FILL, viewer=viewer, at=now, address=address)
    cipher = party.phone_cipher
    return Known(party.name, decrypt(cipher) if cipher else "", party.email, party.address)


def duplicates(party: Party, procedure_id: int, *, scope: Scope, now: datetime) -> Duplicates:
    """Open ones, and those taken in within a month (one statement: nobody has many)."""
    same = (
        Dossier.objects.filter(
            Q(status__in=_WAITING) | Q(accepted_at__gte=now - RECENT),
            holder=party,
            version__procedure=procedure_id,
        )
        .select_related("lodged_at")
        .order_by("-accepted_at", "-pk")[:MOST]
    )
    seen = [each for each in same if scope.agency_ids & set(each.agency_ids)]
    return Duplicates(seen[:LISTED], len(same) - len(seen))

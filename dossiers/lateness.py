"""How is it with a dossier's being late (có nguy cơ, thư xin lỗi), and what was told about it?"""

from dataclasses import dataclass

from agencies.scope import Scope
from dossiers import permission
from dossiers.apology import OPEN, answering
from dossiers.models import Apology, Dossier, RiskMark
from motcua.secrets import Unreadable, decrypt, mask
from notifications import outbox
from notifications.models import Channel, Message


@dataclass(frozen=True)
class Lateness:
    """For the dossier's page."""

    letter: Apology | None
    risk: RiskMark | None
    # A letter may be written, or is there: the page links to it.
    may_have_letter: bool


@dataclass(frozen=True)
class Told:
    """A message to the citizen; to whom is masked."""

    message: Message
    recipient: str


def lateness_of(dossier: Dossier, *, had_letter: bool = True) -> Lateness:
    """Two statements; none where the risk was read with the dossier, and no letter is kept."""
    letter = letter_of(dossier) if had_letter else None
    risk: RiskMark | None = getattr(dossier, "risk", None)
    is_running = dossier.status in OPEN and dossier.due_at is not None
    return Lateness(letter, risk, letter is not None or is_running)


def letter_of(dossier: Dossier) -> Apology | None:
    live = Apology.objects.filter(dossier=dossier, dropped_at=None)
    return live.select_related("cause", "signed_by", "slip").first()


def may_write(dossier: Dossier, scope: Scope) -> bool:
    return permission.allows(scope, answering(dossier), permission.STAFF)


def may_sign(dossier: Dossier, scope: Scope) -> bool:
    return permission.allows(scope, answering(dossier), permission.LEADERS)


def told_about(dossier: Dossier) -> list[Told]:
    """The last first; one statement."""
    return [Told(each, _masked(each)) for each in outbox.about([dossier.public_id])]


def _masked(message: Message) -> str:
    try:
        recipient = decrypt(message.recipient)
    except Unreadable:
        return "•••"
    if message.channel != Channel.EMAIL:
        return mask(recipient)
    name, _, house = recipient.partition("@")
    return f"{name[:1]}•••@{house}"

"""What is asked for at the counter or online: the request, cleaned, and what identifies it."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from agencies.models import Agency
from dossiers.models import Capacity, DossierComponent
from dossiers.parties import PartyDetails
from dossiers.secrets import keyed_hash
from motcua.text import clean
from procedures.models import ProcedureVersion


@dataclass(frozen=True)
class ComponentGiven:
    """A paper handed in; `component_id` is null for one outside the list.

    `file_id` is an upload of the clerk's own; `reused_id` a paper of the holder's store.
    """

    component_id: int | None
    name: str
    form: str = DossierComponent.Form.PHOTOCOPY
    quantity: int = 1
    file_id: int | None = None
    reused_id: int | None = None


@dataclass(frozen=True)
class IntakeRequest:
    """What the counter takes in, or a citizen submits. The key makes a second click harmless."""

    intake_key: UUID
    agency: Agency
    version: ProcedureVersion
    channel: str
    holder: PartyDetails
    applicant: PartyDetails | None = None
    components: tuple[ComponentGiven, ...] = ()
    summary: str = ""
    delivery: str = "counter"
    submitted_at: datetime | None = None
    capacity: str = Capacity.OWN
    # Who helps the citizen to submit online at the counter: always the officer himself.
    assisted_by_id: int | None = None

    def cleaned(self) -> "IntakeRequest":
        """Normalised text, numbers and phones; refuses what cannot be one (PartyInvalid)."""
        return replace(
            self,
            holder=self.holder.cleaned(),
            applicant=self.applicant.cleaned() if self.applicant else None,
            components=tuple(replace(one, name=clean(one.name)) for one in self.components),
            summary=clean(self.summary),
        )

    def payload_hash(self) -> str:
        """Of everything but the key; keyed, because citizens' numbers are easily guessed."""
        submitted = self.submitted_at.timestamp() if self.submitted_at else None
        payload = {
            "agency": self.agency.pk,
            "version": self.version.pk,
            "channel": self.channel,
            "holder": vars(self.holder),
            "applicant": vars(self.applicant) if self.applicant else None,
            "components": [vars(one) for one in self.components],
            "summary": self.summary,
            "delivery": self.delivery,
            "submitted_at": submitted,
            "capacity": self.capacity,
            "assisted_by": self.assisted_by_id,
        }
        return keyed_hash(json.dumps(payload, sort_keys=True)).hex()

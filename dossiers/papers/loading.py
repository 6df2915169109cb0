"""The rows behind papers, loaded for any number of them in a fixed number of queries."""

from collections.abc import Sequence
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils import timezone

from dossiers.models import Dossier, Slip, SlipKind
from dossiers.papers.content import Source
from dossiers.papers.form import CONTENTS, Locals, form_of
from procedures.models import RuleSet

# What every paper prints; one query each, none for what is loaded already.
NEEDED = (
    "issued_by",
    "dossier__rule_set",
    "dossier__version",
    "dossier__holder",
    "dossier__applicant",
    "dossier__held_by",
    "dossier__lodged_at__committee",
    "dossier__competent__committee",
    "agency__parent",
    "agency__committee",
)


def sources(slips: Sequence[Slip]) -> list[Source]:
    """In the order given."""
    needs = {need: None for slip in slips for need in CONTENTS[slip.kind].needs}
    prefetch_related_objects(list(slips), *NEEDED, *needs)
    days = {id(slip): law_day(slip) for slip in slips}
    laws = _laws(slips)
    kinds = sorted({slip.kind for slip in slips})
    local = Locals(sorted({slip.agency_id for slip in slips}), kinds)
    made = []
    for slip in slips:
        dossier, day = slip.dossier, days[id(slip)]
        law = laws(dossier, day)
        layout = local.layout(slip.kind, slip.agency_id, day)
        form = form_of(slip.kind, law.forms, layout)
        created = slip.issued_at
        if slip.kind == SlipKind.RECEIPT:
            created = dossier.accepted_at or created
        made.append(Source(slip, dossier, slip.agency, form, timezone.localdate(created), created))
    return made


def law_day(slip: Slip) -> date:
    """Acceptance decides which law holds; before it, the act."""
    return timezone.localdate(slip.dossier.accepted_at or slip.issued_at)


class _laws:  # noqa: N801 - called like a function
    """The rule set of each dossier; the day's own for those that were not accepted."""

    def __init__(self, slips: Sequence[Slip]) -> None:
        # read anew: the act of intake hands on a rule set without its forms
        self.all = list(RuleSet.objects.order_by("-effective_on")) if slips else []

    def __call__(self, dossier: Dossier, day: date) -> RuleSet:
        if dossier.accepted_at is not None:
            return next(one for one in self.all if one.pk == dossier.rule_set_id)
        return next((one for one in self.all if one.effective_on <= day), self.all[-1])

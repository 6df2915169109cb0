"""Is a staged dossier with its events lawful, and what did it come to?"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from calendars.clock import ZONE
from dossiers.importing.catalogue import Catalogue
from dossiers.importing.clocks import JudgedLeg, judge_legs
from dossiers.importing.faults import Wrong
from dossiers.importing.history import History
from dossiers.importing.replay import replay
from dossiers.importing.rows import EventRow
from dossiers.importing.staging import Staged
from dossiers.opening import lodged_leg_agency
from procedures.models import ProcedureVersion, RuleSet


class Judged(NamedTuple):
    staged: Staged
    version: ProcedureVersion
    rule_set: RuleSet
    history: History
    legs: list[JudgedLeg]


def judge(
    staged: Staged,
    events: Sequence[EventRow],
    catalogue: Catalogue,
    now: datetime,
    *,
    lodged_in: frozenset[int] | None = None,
) -> Judged:
    """Refuses with Wrong (the dossier's row) or EventWrong (an event's)."""
    if staged.accepted_at > now:
        raise Wrong("accepted_at", "Sau thời điểm nhập.")
    day = staged.accepted_at.astimezone(ZONE).date()
    version = catalogue.version(staged.procedure, day)
    rule_set = catalogue.rule_set(day)
    lodged_at = catalogue.agency(staged.agency, day, "agency", at_counter=True)
    if lodged_in is not None and lodged_at.pk not in lodged_in:
        raise Wrong("agency", "Không phải nơi nộp thuộc phạm vi của người nhập.")
    if staged.competent_agency:
        competent = catalogue.agency(staged.competent_agency, day, "competent_agency")
    else:
        competent = catalogue.competent(version, lodged_at, day)
    answers = lodged_leg_agency(version, lodged_at, competent)
    history = replay(events, staged.accepted_at, lodged_at, competent, answers, catalogue, now)
    legs = judge_legs(version, staged, history, catalogue)
    return Judged(staged, version, rule_set, history, legs)

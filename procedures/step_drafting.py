"""A version's steps edited by an administrator: a draft of what is published, then published.

What is published stays as it is (procedures.freezing): a draft begins as its copy, with a day of
its own. Publishing closes the version before, by the code that also publishes whole files.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from agencies.models import Agency, Level, Role, User
from agencies.scope import scope_of
from procedures import publication, storing
from procedures.errors import DraftInvalid, DraftTaken, NotCatalogueKeeper, RowsRefused
from procedures.models import Component, FeeRate, Posting, Procedure, ProcedureVersion, Step
from procedures.rows import StepRow
from procedures.step_graph import Problem, limit, office_problems, problems

Status = ProcedureVersion.Status
_COPIED_PARTS = (Component, FeeRate, Step)


def draft_of(procedure: Procedure) -> ProcedureVersion | None:
    """The draft that is being edited: the newest."""
    drafts = ProcedureVersion.objects.filter(procedure=procedure, status=Status.DRAFT)
    return drafts.order_by("-number").first()


def begin(
    procedure: Procedure, *, effective_from: date, actor: User, today: date
) -> ProcedureVersion:
    """A draft like the version in force (else the newest), from that day on."""
    _require_keeper(actor, today)
    _refuse_past(effective_from, today)
    published = ProcedureVersion.objects.filter(procedure=procedure, status=Status.PUBLISHED)
    basis = published.in_force(today).first() or published.order_by("-number").first()
    if basis is None:
        raise DraftInvalid("Thủ tục chưa có phiên bản nào được công bố.")
    try:
        with transaction.atomic():
            # Two administrators at once: the second finds the first one's draft.
            Procedure.objects.select_for_update().get(pk=procedure.pk)
            return draft_of(procedure) or _copy(basis, effective_from)
    except IntegrityError as error:
        raise DraftTaken from error


def steps_of(version: ProcedureVersion) -> list[StepRow]:
    """In order, renumbered 1, 2, … as the editor shows them."""
    steps = list(version.steps.order_by("position"))
    place = {step.position: number for number, step in enumerate(steps, start=1)} | {0: 0}
    return [
        StepRow(
            step.name,
            step.role,
            step.working_hours,
            step.level,
            step.office_kind,
            tuple(place.get(each, each) for each in step.leads_to),
        )
        for step in steps
    ]


def fingerprint(version: ProcedureVersion) -> str:
    """Of what stands there: it comes back with the form."""
    told = repr((version.pk, version.effective_from, steps_of(version)))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def save(
    draft: ProcedureVersion,
    steps: Sequence[StepRow],
    *,
    effective_from: date,
    seen: str,
    actor: User,
    today: date,
) -> ProcedureVersion:
    """Write the steps over those seen; refuses when another administrator changed them since.

    A draft may be wrong while one works on it; publishing looks closely.
    """
    _require_keeper(actor, today)
    with transaction.atomic():
        locked = _lock(draft)
        if fingerprint(locked) != seen:
            raise DraftTaken
        Step.objects.filter(version=locked).delete()
        Step.objects.bulk_create(
            Step(version=locked, position=number, **{**vars(step), "leads_to": list(step.leads_to)})
            for number, step in enumerate(steps, start=1)
        )
        locked.effective_from = effective_from
        locked.save(update_fields=["effective_from"])
    return locked


def publish(draft: ProcedureVersion, *, seen: str, actor: User, today: date) -> None:
    """The draft becomes the version from its day on; the one before ends on the day before."""
    _require_keeper(actor, today)
    try:
        with transaction.atomic():
            locked = _lock(draft)
            if fingerprint(locked) != seen:
                raise DraftTaken
            _refuse_past(locked.effective_from, today)
            row = storing.row_of(locked)
            wrong = [each for each in judge(locked, steps_of(locked), today) if not each.is_warning]
            if wrong:
                raise DraftInvalid(wrong[0].message)
            locked.delete()
            publication.publish([row])
    except RowsRefused as error:
        problem = error.problems[0]
        raise DraftInvalid(
            f"{problem['message']}.".capitalize(),
            fields={"effective_from": str(problem["message"])},
        ) from error


def drop(draft: ProcedureVersion, *, actor: User, today: date) -> None:
    _require_keeper(actor, today)
    with transaction.atomic():
        _lock(draft).delete()


def judge(version: ProcedureVersion, steps: Sequence[StepRow], today: date) -> list[Problem]:
    """All that is wrong with these steps for this version, errors and warnings (two queries)."""
    legal = limit(version.limit_value, version.limit_unit)
    found = problems(steps, legal)
    return found + office_problems(steps, _offices(version, today))


def is_keeper(actor: User, today: date) -> bool:
    """Whoever keeps the catalogue, which all agencies share: an administrator of a province's."""
    own = scope_of(actor, today).agencies_as(Role.ADMINISTRATOR)
    return Agency.objects.filter(pk__in=own, level=Level.PROVINCE).exists()


def _offices(version: ProcedureVersion, today: date) -> dict[str, set[str]]:
    """Kinds of offices at the agencies that post the procedure, and at those above them."""
    rows = Posting.objects.on(today).filter(version__procedure=version.procedure_id).values_list(
        "agency_id", "agency__committee_id", "agency__parent_id", "agency__parent__parent_id",
        "agency__committee__parent_id", "agency__committee__parent__parent_id",
    )  # fmt: skip
    places = {pk for row in rows for pk in row if pk is not None}
    offices = Agency.objects.valid_on(today).filter(Q(pk__in=places) | Q(committee__in=places))
    found: dict[str, set[str]] = {}
    for kind, level in offices.order_by().values_list("kind", "level").distinct():
        found.setdefault(kind, set()).add(level)
    return found


def _copy(basis: ProcedureVersion, effective_from: date) -> ProcedureVersion:
    numbers = ProcedureVersion.objects.filter(procedure=basis.procedure_id)
    draft = ProcedureVersion.objects.get(pk=basis.pk)
    draft.pk, draft.status, draft._state.adding = None, Status.DRAFT, True
    draft.number = (numbers.aggregate(last=Max("number"))["last"] or 0) + 1
    draft.change = ProcedureVersion.Change.AMENDED
    draft.effective_from, draft.effective_to, draft.abolished_by = effective_from, None, None
    draft.save(force_insert=True)
    for model in _COPIED_PARTS:
        manager: Any = model._default_manager
        parts = list(manager.filter(version=basis.pk).order_by("pk"))
        for part in parts:
            part.pk, part.version_id, part._state.adding = None, draft.pk, True
        manager.bulk_create(parts)
    return draft


def _lock(draft: ProcedureVersion) -> ProcedureVersion:
    # The procedure first, as every publication does.
    Procedure.objects.select_for_update().get(pk=draft.procedure_id)
    drafts = ProcedureVersion.objects.filter(pk=draft.pk, status=Status.DRAFT)
    found = drafts.select_related("procedure", "field__block", "decision", "abolished_by").first()
    if found is None:
        raise DraftTaken("Bản dự thảo này vừa được công bố hoặc đã bỏ.")
    return found


def _refuse_past(effective_from: date, today: date) -> None:
    if effective_from < today:
        message = "Ngày có hiệu lực phải từ hôm nay trở đi."
        raise DraftInvalid(message, fields={"effective_from": message})


def _require_keeper(actor: User, today: date) -> None:
    if not is_keeper(actor, today):
        raise NotCatalogueKeeper

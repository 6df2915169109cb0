"""Reading and writing chains of versions in a fixed number of statements."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from motcua.text import fold, sort_key
from procedures.models import (
    Block,
    Component,
    Decision,
    FeeRate,
    Procedure,
    ProcedureField,
    ProcedureVersion,
    Step,
)
from procedures.rows import ComponentRow, DecisionRow, FeeRow, StepRow, VersionRow


@dataclass
class Link:
    """A version in the chain of its procedure: published already (pk) or to be (new)."""

    content: VersionRow
    start: date
    end: date | None
    pk: int | None = None
    abolished_by: DecisionRow | None = None
    is_moved: bool = False  # its end has changed


Chains = Mapping[str, list[Link]]


def chains_of(codes: Collection[str]) -> dict[str, list[Link]]:
    """The published versions of these procedures in order, each as the row that made it."""
    # Two imports of one catalogue at once: the second waits here and then finds the first's rows.
    locked = Procedure.objects.select_for_update().filter(code__in=codes)
    chains: dict[str, list[Link]] = {code: [] for code in locked.values_list("code", flat=True)}
    versions = (
        ProcedureVersion.objects.filter(
            procedure__code__in=codes, status=ProcedureVersion.Status.PUBLISHED
        )
        .select_related("procedure", "field__block", "decision", "abolished_by")
        .prefetch_related("components", "steps", "fees")
        .order_by("effective_from")
    )
    for version in versions:
        chains[version.procedure.code].append(
            Link(
                row_of(version),
                version.effective_from,
                version.effective_to,
                version.pk,
                _decision_row(version.abolished_by),
            )
        )
    return chains


def row_of(version: ProcedureVersion) -> VersionRow:
    """A version as the row of a file that would make it."""
    return VersionRow(
        number=0,
        code=version.procedure.code,
        name=version.name,
        block=version.field.block.name,
        field=version.field.name,
        levels=tuple(version.levels),
        limit_value=version.limit_value,
        limit_unit=version.limit_unit,
        online=version.online,
        effective_from=version.effective_from,
        effective_to=version.effective_to,
        decision=_decision_row(version.decision),
        abolished_by=_decision_row(version.abolished_by),
        change=version.change,
        clock_policy=version.clock_policy,
        interagency=version.interagency,
        immediate=version.immediate,
        any_boundary=version.any_boundary,
        online_full_eligible=version.online_full_eligible,
        is_checked=version.is_checked,
        components=tuple(
            ComponentRow(c.name, c.is_required, c.originals, c.copies, c.source, c.form_file)
            for c in version.components.all()
        ),
        steps=tuple(
            StepRow(s.name, s.role, s.working_hours, s.level, s.office_kind, tuple(s.leads_to))
            for s in version.steps.all()
        ),
        fees=tuple(
            FeeRow(f.name, f.amount_vnd, f.channel, f.ground)
            for f in sorted(version.fees.all(), key=lambda fee: fee.pk)
        ),
    )


def _decision_row(decision: Decision | None) -> DecisionRow | None:
    if decision is None:
        return None
    return DecisionRow(decision.number, decision.issued_on, decision.issuer)


def close(links: Iterable[Link]) -> None:
    """Set the last days of published versions (all that their trigger lets change)."""
    links = list(links)
    if not links:
        return
    decisions = _decisions([link.abolished_by for link in links])
    versions = ProcedureVersion.objects.in_bulk([link.pk for link in links])
    for link in links:
        assert link.pk is not None
        version = versions[link.pk]
        version.effective_to = link.end
        version.abolished_by = _found(decisions, link.abolished_by)
    ProcedureVersion.objects.bulk_update(versions.values(), ["effective_to", "abolished_by"])


def insert(chains: Chains) -> None:
    """Write the new versions as drafts with their parts, then publish them together."""
    rows = [link for chain in chains.values() for link in chain if link.pk is None]
    if not rows:
        return
    procedures = _procedures(chains)
    fields = _fields([link.content for link in rows])
    decisions = _decisions([d for link in rows for d in (link.content.decision, link.abolished_by)])
    made: list[tuple[Link, ProcedureVersion]] = []
    for code, chain in chains.items():
        for number, link in enumerate(chain, start=1):
            if link.pk is None:
                version = _version(link, number)
                version.procedure = procedures[code]
                version.field = fields[link.content.block, link.content.field]
                version.decision = _found(decisions, link.content.decision)
                version.abolished_by = _found(decisions, link.abolished_by)
                made.append((link, version))
    versions = ProcedureVersion.objects.bulk_create([version for _, version in made])
    _insert_parts(made)
    drafts = ProcedureVersion.objects.filter(pk__in=[version.pk for version in versions])
    drafts.update(status=ProcedureVersion.Status.PUBLISHED)


def _version(link: Link, number: int) -> ProcedureVersion:
    row, usual = link.content, ProcedureVersion
    change = row.change or (usual.Change.NEW if number == 1 else usual.Change.AMENDED)
    return ProcedureVersion(
        number=number,
        status=usual.Status.DRAFT,
        change=change,
        name=row.name,
        name_fold=fold(row.name),
        sort_key=sort_key(row.name),
        levels=list(row.levels),
        limit_value=row.limit_value,
        limit_unit=row.limit_unit,
        clock_policy=row.clock_policy or usual.ClockPolicy.PAUSE,
        online=row.online,
        online_full_eligible=bool(row.online_full_eligible),
        any_boundary=bool(row.any_boundary),
        interagency=row.interagency or usual.Interagency.NONE,
        immediate=bool(row.immediate),
        effective_from=link.start,
        effective_to=link.end,
        is_checked=bool(row.is_checked),
    )


def _insert_parts(made: Iterable[tuple[Link, ProcedureVersion]]) -> None:
    components, steps, fees = [], [], []
    for link, version in made:
        row = link.content
        for position, component in enumerate(row.components or (), start=1):
            components.append(Component(version=version, position=position, **vars(component)))
        for position, step in enumerate(row.steps or (), start=1):
            steps.append(Step(version=version, position=position, **vars(step)))
        fees += [FeeRate(version=version, **vars(fee)) for fee in row.fees or ()]
    Component.objects.bulk_create(components)
    Step.objects.bulk_create(steps)
    FeeRate.objects.bulk_create(fees)


def _procedures(codes: Iterable[str]) -> dict[str, Procedure]:
    Procedure.objects.bulk_create(
        [Procedure(code=code, is_provisional=code.startswith("DEMO-")) for code in codes],
        ignore_conflicts=True,
    )
    return {found.code: found for found in Procedure.objects.filter(code__in=list(codes))}


def _fields(rows: Iterable[VersionRow]) -> dict[tuple[str, str], ProcedureField]:
    blocks = {block.name: block for block in Block.objects.all()}
    fields = {
        (field.block.name, field.name): field
        for field in ProcedureField.objects.select_related("block")
    }
    for row in rows:
        if row.block not in blocks:
            blocks[row.block] = Block.objects.create(name=row.block, position=_place(row, blocks))
        if (row.block, row.field) not in fields:
            fields[row.block, row.field] = ProcedureField.objects.create(
                block=blocks[row.block], name=row.field, position=len(fields) + 1
            )
    return fields


def _place(row: VersionRow, blocks: Mapping[str, Block]) -> int:
    """Where the block stands in reports: as the file says when that place is free, else last."""
    taken = {block.position for block in blocks.values()}
    if row.block_position and row.block_position not in taken:
        return row.block_position
    return max(taken, default=0) + 1


def _decisions(
    rows: Iterable[DecisionRow | None],
) -> dict[tuple[str, object], Decision]:
    stated = {(row.number, row.issued_on): row for row in rows if row}
    if not stated:
        return {}
    Decision.objects.bulk_create(
        [
            Decision(number=row.number, issued_on=row.issued_on, issuer=row.issuer)
            for row in stated.values()
        ],
        ignore_conflicts=True,
    )
    found = Decision.objects.filter(number__in=[number for number, _ in stated])
    return {(decision.number, decision.issued_on): decision for decision in found}


def _found(
    decisions: Mapping[tuple[str, object], Decision], row: DecisionRow | None
) -> Decision | None:
    return decisions[row.number, row.issued_on] if row else None

"""Publishing rows of a catalogue file as versions (công bố, công khai thủ tục): all or nothing.

A row is a version by procedure and first day in force. Known and equal: nothing. Known and
different: refused, for a published version is frozen. Later than what is known: a new version,
and the one before ends on the day before. A last day (bãi bỏ) ends the version that it names.
Attributes that the file leaves blank are not compared, so that a shorter file of the same facts
changes nothing; a new version takes the usual value for them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction

from procedures import storing
from procedures.errors import RowsRefused
from procedures.rows import COLUMN, Problem, VersionRow
from procedures.storing import Link

# What is compared with the version already published.
COMPARED = (
    "name", "block", "field", "levels", "limit_value", "limit_unit", "online", "decision",
    "change", "clock_policy", "interagency", "immediate", "any_boundary",
    "online_full_eligible", "is_checked", "components", "steps", "fees",
)  # fmt: skip


@dataclass(frozen=True)
class Published:
    inserted: int
    closed: int
    unchanged: int


@dataclass
class Plan:
    chains: dict[str, list[Link]]
    problems: list[Problem] = field(default_factory=list)
    unchanged: int = 0


def publish(rows: Sequence[VersionRow]) -> Published:
    """Publish them; refuses with RowsRefused and writes nothing when any row is wrong."""
    with transaction.atomic():
        plan = _plan(rows, storing.chains_of({row.code for row in rows}))
        if plan.problems:
            raise RowsRefused([vars(problem) for problem in plan.problems])
        inserted = [link for chain in plan.chains.values() for link in chain if link.pk is None]
        moved = [link for chain in plan.chains.values() for link in chain if link.is_moved]
        storing.close([link for link in moved if link.pk is not None])
        storing.insert(plan.chains)
    return Published(len(inserted), sum(link.pk is not None for link in moved), plan.unchanged)


def _plan(rows: Iterable[VersionRow], known: dict[str, list[Link]]) -> Plan:
    plan = Plan(defaultdict(list, known))
    for row in sorted(rows, key=lambda row: (row.effective_from, row.number)):
        chain = plan.chains[row.code]
        same = next((link for link in chain if link.start == row.effective_from), None)
        if same is not None:
            _meet(plan, row, same, chain)
        elif chain and row.effective_from < chain[-1].start:
            plan.problems.append(
                Problem(
                    row.number,
                    "effective_from",
                    f"đã có phiên bản từ ngày {chain[-1].start:%d/%m/%Y}, không chèn vào trước",
                )
            )
        else:
            _follow(row, chain)
    plan.problems.sort(key=lambda problem: problem.row)
    return plan


def _follow(row: VersionRow, chain: list[Link]) -> None:
    """A new version; the one before ends on the day before it."""
    day_before = row.effective_from - timedelta(days=1)
    if chain and (chain[-1].end is None or chain[-1].end > day_before):
        chain[-1].end = day_before
        chain[-1].is_moved = True
    chain.append(Link(row, row.effective_from, row.effective_to, abolished_by=row.abolished_by))


def _meet(plan: Plan, row: VersionRow, same: Link, chain: list[Link]) -> None:
    """A row of a version that is there: nothing, its end, or a refusal."""
    if same.pk is None:
        message = f"trùng với dòng {same.content.number}: cùng thủ tục, cùng ngày hiệu lực"
        plan.problems.append(Problem(row.number, "effective_from", message))
        return
    different = _differences(row, same.content)
    for column in different:
        message = "khác bản đã công bố; thay đổi phải mang ngày hiệu lực mới"
        plan.problems.append(Problem(row.number, column, message))
    if different:
        return
    if not _close(row, same, chain):
        plan.unchanged += 1


def _differences(row: VersionRow, published: VersionRow) -> list[str]:
    columns = []
    for attribute in COMPARED:
        stated = getattr(row, attribute)
        if stated is not None and stated != getattr(published, attribute):
            columns.append(COLUMN.get(attribute, attribute))
    return columns


def _close(row: VersionRow, same: Link, chain: list[Link]) -> bool:
    """Move the end of a published version; False when nothing is to be done."""
    following = [link for link in chain if link.start > same.start]
    if row.effective_to is None or (following and row.effective_to >= following[0].start):
        return False
    if (row.effective_to, row.abolished_by) == (same.end, same.abolished_by):
        return False
    same.end, same.abolished_by, same.is_moved = row.effective_to, row.abolished_by, True
    return True

"""Is an internal procedure sound (quy trình nội bộ)? What follows what, how long at most. Pure.

The sum of the longest way is held against the legal limit: 8 working hours make a working day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from procedures.rows import StepRow

END = 0
HOURS_OF_A_DAY = 8
# Plain conversions for limits that are not counted in working time.
_WORKING_DAYS_OF_A_WEEK, _DAYS_OF_A_WEEK = 5, 7
_WORKING_DAYS_OF_A_MONTH = 22
EXPLAINED = {
    "working_hour": "{value} giờ làm việc",
    "working_day": "{value} ngày làm việc × 8 giờ = {hours} giờ",
    "day": "{value} ngày × 5/7 ngày làm việc × 8 giờ ≈ {hours} giờ",
    "month": "{value} tháng × 22 ngày làm việc × 8 giờ ≈ {hours} giờ",
}


@dataclass(frozen=True)
class Problem:
    """What is wrong; `position` 0 means the whole. A warning does not keep from publishing."""

    position: int
    field: str
    message: str
    is_warning: bool = False


@dataclass(frozen=True)
class Limit:
    """The legal limit as working hours, and how it was reckoned."""

    hours: int
    explained: str
    is_exact: bool


def limit(value: int, unit: str) -> Limit:
    days: dict[str, Decimal] = {
        "working_day": Decimal(value),
        "day": Decimal(value * _WORKING_DAYS_OF_A_WEEK) / _DAYS_OF_A_WEEK,
        "month": Decimal(value * _WORKING_DAYS_OF_A_MONTH),
    }
    hours = value if unit == "working_hour" else int(days[unit] * HOURS_OF_A_DAY)
    explained = EXPLAINED[unit].format(value=value, hours=hours)
    return Limit(hours, explained, unit in {"working_hour", "working_day"})


class Graph:
    """Steps by position (1, 2, …) and where each leads."""

    def __init__(self, steps: Sequence[StepRow]) -> None:
        self.steps = dict(enumerate(steps, start=1))

    def following(self, position: int) -> list[int]:
        """The usual one first; END after the last one."""
        named = self.steps[position].leads_to
        if named:
            return list(dict.fromkeys(named))
        return [position + 1 if position < len(self.steps) else END]

    @cached_property
    def reached(self) -> set[int]:
        found: set[int] = set()
        ahead = [1] if self.steps else []
        while ahead:
            position = ahead.pop()
            if position not in found and position in self.steps:
                found.add(position)
                ahead += self.following(position)
        return found

    @cached_property
    def order(self) -> list[int]:
        """Every step before those that it leads to; those on a round are left out."""
        before: dict[int, int] = dict.fromkeys(self.steps, 0)
        for position in self.steps:
            for following in self._known(position):
                before[following] += 1
        free = [position for position, count in before.items() if not count]
        found = []
        while free:
            position = free.pop(0)
            found.append(position)
            for following in self._known(position):
                before[following] -= 1
                if not before[following]:
                    free.append(following)
        return found

    @cached_property
    def longest(self) -> tuple[Decimal, list[int]]:
        """The longest way from the first step to the end: its hours and its steps."""
        best: dict[int, tuple[Decimal, list[int]]] = {}
        for position in self.order:
            before = best.get(position, (Decimal(0), []))
            if position != 1 and not before[1]:
                continue  # nothing leads here
            hours = before[0] + self.steps[position].working_hours
            way = [*before[1], position]
            for following in self.following(position):
                if following not in best or best[following][0] < hours:
                    best[following] = (hours, way)
        return best.get(END, (Decimal(0), []))

    def _known(self, position: int) -> list[int]:
        return [each for each in self.following(position) if each in self.steps]


def problems(steps: Sequence[StepRow], legal: Limit) -> list[Problem]:
    if not steps:
        return [Problem(0, "", "Cần ít nhất một bước.")]
    graph = Graph(steps)
    found = list(_of_ways(graph))
    if found:
        return found
    hours, _ = graph.longest
    if hours > legal.hours:
        message = f"Đường dài nhất cần {_plain(hours)} giờ, quá thời hạn ({legal.explained})."
        found.append(Problem(0, "", message, is_warning=not legal.is_exact))
    return found


def _of_ways(graph: Graph) -> list[Problem]:
    found = []
    rounds = set(graph.steps) - set(graph.order)
    for position in graph.steps:
        unknown = [n for n in graph.following(position) if n != END and n not in graph.steps]
        if unknown:
            named = ", ".join(map(str, unknown))
            found.append(Problem(position, "leads_to", f"Không có bước {named}."))
        if position in rounds and set(graph.following(position)) & rounds:
            message = "Quay vòng: hồ sơ không đến được bước kết thúc."
            found.append(Problem(position, "leads_to", message))
        if position not in graph.reached:
            found.append(Problem(position, "", "Không bước nào dẫn đến bước này."))
    return found


def office_problems(steps: Sequence[StepRow], offices: Mapping[str, set[str]]) -> list[Problem]:
    """`offices`: kind → levels of what exists at the competent agencies and above them."""
    found = []
    for position, step in enumerate(steps, start=1):
        levels = offices.get(step.office_kind, set())
        if step.office_kind and (not levels or (step.level and step.level not in levels)):
            message = "Chưa có cơ quan niêm yết nào có nơi thực hiện này."
            found.append(Problem(position, "office_kind", message, is_warning=True))
    return found


def _plain(hours: Decimal) -> str:
    return f"{hours.normalize():f}".replace(".", ",")

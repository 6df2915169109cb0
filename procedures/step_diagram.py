"""An internal procedure drawn: a box for each step, an arrow to each that may follow. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from procedures.rows import StepRow
from procedures.step_graph import END, Graph

WIDTH, HEIGHT, GAP, TOP = 300, 56, 28, 8
LEFT = 8
_LANE = 16  # how far apart arrows run that pass over steps


@dataclass(frozen=True)
class Box:
    position: int
    y: int
    text: str
    below: str
    is_longest: bool


@dataclass(frozen=True)
class Diagram:
    boxes: list[Box]
    arrows: list[str]  # paths
    end_y: int
    width: int
    height: int


def draw(steps: Sequence[StepRow]) -> Diagram:
    graph = Graph(steps)
    longest = set(graph.longest[1])
    boxes = [
        Box(number, _y(number), _cut(f"{number}. {step.name}"), _below(step), number in longest)
        for number, step in graph.steps.items()
    ]
    end = len(steps) + 1
    arrows, lanes = [], 0
    for position in graph.steps:
        for following in graph.following(position):
            target = end if following == END else following
            if not 1 <= target <= end:
                continue
            if target == position + 1:
                arrows.append(_straight(position))
            else:
                lanes += 1
                arrows.append(_around(position, target, lanes))
    width = LEFT + WIDTH + (lanes + 1) * _LANE + 8
    return Diagram(boxes, arrows, _y(end), width, _y(end) + 32)


def _y(number: int) -> int:
    return TOP + (number - 1) * (HEIGHT + GAP)


def _straight(position: int) -> str:
    x = LEFT + WIDTH // 2
    return f"M{x} {_y(position) + HEIGHT} V{_y(position + 1) - 2}"


def _around(position: int, target: int, lane: int) -> str:
    x, far = LEFT + WIDTH, LEFT + WIDTH + lane * _LANE
    y1, y2 = _y(position) + HEIGHT // 2 + 8, _y(target) + (HEIGHT // 2 - 8 if target else 0)
    return f"M{x} {y1} H{far} V{y2} H{x + 2}"


def _cut(text: str) -> str:
    return text if len(text) <= 38 else f"{text[:37]}…"


def _below(step: StepRow) -> str:
    hours = f"{step.working_hours.normalize():f}".replace(".", ",")
    return f"{hours} giờ làm việc"

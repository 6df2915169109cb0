"""The steps as typed in the editor: rows are added, moved, taken away before they are kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms

from agencies.models import Kind, Level, Role
from motcua.text import VietnameseCharField
from procedures.rows import StepRow
from procedures.step_graph import Problem

MOST = 40
_FIELDS = ("name", "level", "office_kind", "role", "working_hours", "leads_to")
Raw = dict[str, str]


class HeadForm(forms.Form):
    """Of the draft as a whole."""

    effective_from = forms.DateField(
        label="Có hiệu lực từ ngày",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class StepForm(forms.Form):
    name = VietnameseCharField(label="Tên bước", max_length=200)
    level = forms.ChoiceField(
        label="Cấp", choices=[("", "Cấp của cơ quan giải quyết"), *Level.choices], required=False
    )
    office_kind = forms.ChoiceField(
        label="Nơi thực hiện",
        choices=[("", "Chính cơ quan giải quyết"), *Kind.choices],
        required=False,
    )
    role = forms.ChoiceField(label="Vai trò", choices=Role.choices, initial=Role.OFFICER)
    working_hours = forms.DecimalField(
        label="Giờ làm việc", min_value=0.25, max_digits=6, decimal_places=2, localize=False
    )
    leads_to = forms.RegexField(
        r"^\d{1,2}(\s*,\s*\d{1,2})*$",
        label="Bước sau",
        required=False,
        help_text="Để trống: bước kế tiếp. Rẽ nhánh: 3, 5. Kết thúc: 0.",
        error_messages={"invalid": "Ghi số thứ tự các bước, cách nhau bằng dấu phẩy."},
    )

    def row(self) -> StepRow:
        typed = self.cleaned_data
        return StepRow(
            typed["name"],
            typed["role"],
            typed["working_hours"],
            typed["level"],
            typed["office_kind"],
            numbers(typed["leads_to"]),
        )


@dataclass
class Editor:
    """All rows of the form; `problems` go beside their fields."""

    raw: list[Raw]
    head: HeadForm
    forms: list[StepForm] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number, raw in enumerate(self.raw, start=1):
            data = {f"{number}-{name}": value for name, value in raw.items()}
            self.forms.append(StepForm(data, prefix=str(number)))

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), *(form.is_valid() for form in self.forms)])

    def rows(self) -> list[StepRow]:
        return [form.row() for form in self.forms]

    def show(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            if problem.position and not problem.is_warning:
                form = self.forms[problem.position - 1]
                form.add_error(problem.field or None, problem.message)


def opened(steps: Sequence[StepRow], effective_from: Any) -> Editor:
    raw = [
        {
            "name": step.name,
            "level": step.level,
            "office_kind": step.office_kind,
            "role": step.role,
            "working_hours": f"{step.working_hours.normalize():f}",
            "leads_to": ", ".join(map(str, step.leads_to)),
        }
        for step in steps
    ]
    return Editor(raw, HeadForm({"effective_from": effective_from}))


def typed(posted: Mapping[str, str]) -> Editor:
    """The rows as posted, after the button that was pressed (`do`: add, up-2, down-2, remove-2,
    order) has moved them."""
    numbers_ = range(1, min(_count(posted), MOST) + 1)
    raw = [{name: posted.get(f"{n}-{name}", "") for name in _FIELDS} for n in numbers_]
    order = moved(posted.get("do", ""), len(raw), posted.get("order", ""))
    return Editor(_rearranged(raw, order), HeadForm(posted))


def moved(do: str, count: int, asked: str = "") -> list[int]:
    """The new order as old positions; 0 is a new row."""
    order = list(range(1, count + 1))
    verb, _, place = do.partition("-")
    at = int(place) if place.isdecimal() else 0
    if verb == "add" and count < MOST:
        order.append(0)
    elif verb == "remove" and 1 <= at <= count:
        order.remove(at)
    elif verb == "up" and 2 <= at <= count:
        order[at - 2], order[at - 1] = order[at - 1], order[at - 2]
    elif verb == "down" and 1 <= at < count:
        order[at - 1], order[at] = order[at], order[at - 1]
    elif verb == "order" and sorted(numbers(asked)) == order:
        order = list(numbers(asked))
    return order


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(",") if part.strip().isdecimal())


def _rearranged(raw: Sequence[Raw], order: Sequence[int]) -> list[Raw]:
    """Rows in their new order; what leads to a step follows it, or falls away with it."""
    if order == list(range(1, len(raw) + 1)):
        return list(raw)
    place = {old: new for new, old in enumerate(order, start=1) if old}
    return [
        {**raw[old - 1], "leads_to": _followed(raw[old - 1]["leads_to"], place, len(raw))}
        if old
        else {**dict.fromkeys(_FIELDS, ""), "role": Role.OFFICER.value, "working_hours": "4"}
        for old in order
    ]


def _followed(text: str, place: Mapping[int, int], count: int) -> str:
    def new() -> Iterator[int]:
        for old in numbers(text):
            if old in place or not 1 <= old <= count:
                yield place.get(old, old)

    return ", ".join(map(str, new()))


def _count(posted: Mapping[str, str]) -> int:
    text = posted.get("count", "")
    return int(text) if text.isdecimal() else 0

"""The forms of the import wizard: the file, which column is which, which word is which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from agencies.models import Agency
from dossiers.importing import suggesting
from dossiers.importing.faults import DOSSIERS, EVENTS
from dossiers.importing.labels import LABELS
from dossiers.importing.rows import ACTS, COLUMNS
from dossiers.importing.source import DATES, TIMES, Mapped
from dossiers.models import Party
from motcua.text import VietnameseCharField, fold
from procedures.models import Channel

NEEDED = {
    DOSSIERS: ("code", "procedure", "agency", "channel", "accepted_at", "holder", "holder_kind"),
    EVENTS: ("code", "at", "act"),
}
_CONSTANTS = ("procedure", "agency", "competent_agency", "channel", "holder_kind", "address")
_ACT_NAMES = dict(
    zip(
        ACTS,
        (
            "Yêu cầu bổ sung",
            "Đã bổ sung đủ",
            "Gia hạn",
            "Có kết quả",
            "Trả kết quả",
            "Rút hồ sơ",
            "Dừng giải quyết",
            "Chuyển đi",
            "Xác nhận đã nhận",
        ),
        strict=True,
    )
)
CONSTANT = "="


class UploadForm(forms.Form):
    """The file, the system that it comes from, and the agency whose past it is."""

    source = VietnameseCharField(
        label="Hệ thống nguồn",
        max_length=100,
        help_text="Tên phần mềm hoặc sổ đã xuất tệp này; cách ghép cột được nhớ theo tên này.",
        widget=forms.TextInput(attrs={"list": "sources"}),
    )
    agency = forms.ModelChoiceField(queryset=Agency.objects.none(), label="Nhập cho cơ quan")
    file = forms.FileField(
        label="Tệp Excel (.xlsx, tối đa 20 MB)",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    def __init__(self, agencies: Sequence[Agency], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Agency.objects.filter(pk__in=[agency.pk for agency in agencies])
        if len(agencies) == 1:
            field.initial = agencies[0].pk


@dataclass(frozen=True)
class Line:
    """One of our columns in the form: its choice, its constant, and what stands in theirs."""

    label: str
    is_needed: bool
    chosen: BoundField
    constant: BoundField | None
    samples: str


class ColumnsForm(forms.Form):
    """Which of their columns is which of ours, on the chosen sheets."""

    dates = forms.ChoiceField(label="Ngày viết dạng chữ", choices=list(DATES.items()))

    def __init__(
        self,
        sheets: Mapping[str, str],
        glance: suggesting.Glance,
        before: Mapped,
        agencies: Sequence[Agency],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sheets = dict(sheets)
        self.seen = {each["sheet"]: each["headers"] for each in glance}
        dates = self.fields["dates"]
        dates.required, dates.initial = False, before.get("dates", "")
        for ours in (DOSSIERS, EVENTS):
            if sheets[ours]:
                self._add(ours, before, agencies)

    def _add(self, ours: str, before: Mapped, agencies: Sequence[Agency]) -> None:
        headers = [each["name"] for each in self.seen[self.sheets[ours]]]
        known = before.get(ours, {}).get("columns", {})
        known = {c: s for c, s in known.items() if s.get("from", headers[0]) in headers}
        given = suggesting.columns(ours, headers) | known
        for column in self.columns(ours):
            spec = given.get(column, {})
            has_constant = ours == DOSSIERS and column in _CONSTANTS
            choices = [("", "— bỏ trống —")]
            choices += [(CONSTANT, "— ghi giá trị chung —")] if has_constant else []
            choices += [(f"+{header}", header) for header in headers]
            initial = f"+{spec['from']}" if spec.get("from") else CONSTANT
            self.fields[f"{ours}-{column}"] = forms.ChoiceField(
                label=LABELS[ours][column],
                choices=choices,
                required=False,
                initial=initial if spec else "",
            )
            if has_constant:
                self.fields[f"{ours}-{column}-constant"] = _constant(
                    column, agencies, spec.get("constant", "")
                )

    def columns(self, ours: str) -> list[str]:
        """Times of the dossiers' sheet stand for the sheet of events that is missing."""
        times = TIMES if ours == DOSSIERS and not self.sheets[EVENTS] else ()
        return [*COLUMNS[ours], *times]

    def lines(self, ours: str) -> Iterator[Line]:
        samples = {
            each["name"]: "; ".join(each["samples"]) for each in self.seen[self.sheets[ours]]
        }
        for column in self.columns(ours):
            chosen = self[f"{ours}-{column}"]
            constant = f"{ours}-{column}-constant"
            header = str(chosen.value() or "").removeprefix("+")
            yield Line(
                LABELS[ours][column],
                column in NEEDED[ours],
                chosen,
                self[constant] if constant in self.fields else None,
                samples.get(header, ""),
            )

    def of_dossiers(self) -> Iterator[Line]:
        return self.lines(DOSSIERS)

    def of_events(self) -> Iterator[Line]:
        return self.lines(EVENTS) if self.sheets[EVENTS] else iter(())

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for ours in (DOSSIERS, EVENTS):
            for column in NEEDED[ours] if self.sheets[ours] else ():
                name = f"{ours}-{column}"
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, "Cần chọn cột cho mục này.")
                if typed.get(name) == CONSTANT and not typed.get(f"{name}-constant"):
                    self.add_error(f"{name}-constant", "Cần ghi giá trị chung.")
        return typed

    def mapping(self, before: Mapped) -> dict[str, Any]:
        """What `source.reader` takes; words that were matched before stay matched."""
        parts = {
            ours: {
                "sheet": self.sheets[ours],
                "columns": {c: s for c in self.columns(ours) if (s := self._spec(ours, c))}
                if self.sheets[ours]
                else {},
            }
            for ours in (DOSSIERS, EVENTS)
        }
        return {
            **parts,
            "values": before.get("values", {}),
            "dates": self.cleaned_data.get("dates", ""),
        }

    def _spec(self, ours: str, column: str) -> dict[str, str]:
        chosen = self.cleaned_data.get(f"{ours}-{column}", "")
        if chosen == CONSTANT:
            return {"constant": self.cleaned_data[f"{ours}-{column}-constant"]}
        return {"from": chosen[1:]} if chosen else {}


class WordsForm(forms.Form):
    """Which of their words is which of ours (Trực tiếp → direct)."""

    def __init__(
        self,
        words: Mapping[str, Sequence[str]],
        before: Mapped,
        agencies: Sequence[Agency],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.words: dict[str, tuple[str, str]] = {}
        names = {fold(agency.name): agency.code for agency in agencies}
        for key, theirs in words.items():
            ours, column = key.split(".")
            known = before.get("values", {}).get(key, {})
            choices = _choices(column, agencies)
            codes = {code for code, _ in choices}
            for number, word in enumerate(theirs):
                if word in codes:
                    continue  # it is our own already
                name = f"{key}.{number}"
                self.words[name] = (key, word)
                guess = known.get(fold(word)) or suggesting.word(column, word, names)
                self.fields[name] = forms.ChoiceField(
                    label=f"{LABELS[ours][column]}: “{word}”",
                    choices=[("", "— giữ nguyên như trong tệp —"), *choices],
                    required=False,
                    initial=guess,
                )

    def values(self, before: Mapped) -> dict[str, dict[str, str]]:
        found = {key: dict(words) for key, words in before.get("values", {}).items()}
        for name, (key, word) in self.words.items():
            chosen = self.cleaned_data.get(name, "")
            if chosen:
                found.setdefault(key, {})[fold(word)] = chosen
            else:
                found.get(key, {}).pop(fold(word), None)
        return found


def _constant(column: str, agencies: Sequence[Agency], initial: str) -> forms.Field:
    label = f"{LABELS[DOSSIERS][column]}: giá trị chung"
    choices = _choices(column, agencies)
    if not choices:
        return VietnameseCharField(label=label, required=False, max_length=300, initial=initial)
    return forms.ChoiceField(
        label=label, required=False, choices=[("", "—"), *choices], initial=initial
    )


def _choices(column: str, agencies: Sequence[Agency]) -> list[tuple[str, str]]:
    if column in {"agency", "competent_agency"}:
        return [(agency.code, _name(agency)) for agency in agencies]
    words: dict[str, Sequence[tuple[str, str]]] = {
        "channel": Channel.choices,
        "holder_kind": Party.Kind.choices,
        "act": [(str(act), name) for act, name in _ACT_NAMES.items()],
    }
    return list(words.get(column, ()))


def _name(agency: Agency) -> str:
    """Units of one name follow one another: the closed one says until when it was."""
    return f"{agency} (đến hết {agency.valid_to:%d/%m/%Y})" if agency.valid_to else agency.name

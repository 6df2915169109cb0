"""What one asks of the register: whose, which year and volume, from when to when, and who."""

from typing import Any

from django import forms
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import Scope
from dossiers import register
from dossiers.models import RegisterCounter
from dossiers.register import OLD, Filters
from motcua.text import VietnameseCharField, fold

# More counters than this are found by name.
MOST = 60
_DAY = {"type": "date"}


class RegisterFilter(forms.Form):
    q = VietnameseCharField(
        label="Tìm tên, mã hồ sơ, số điện thoại",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    where = VietnameseCharField(label="Tìm bộ phận", required=False, max_length=100)
    counter = forms.ModelChoiceField(
        label="Bộ phận tiếp nhận", queryset=Agency.objects.none(), required=False, empty_label=None
    )
    year = forms.TypedChoiceField(label="Năm", coerce=int, required=False)
    volume = forms.TypedChoiceField(label="Quyển", coerce=int, required=False, empty_value=None)
    since = forms.DateField(
        label="Nhận từ ngày", required=False, widget=forms.DateInput(_DAY, "%Y-%m-%d")
    )
    until = forms.DateField(
        label="đến ngày", required=False, widget=forms.DateInput(_DAY, "%Y-%m-%d")
    )

    def __init__(self, typed: Any, *, scope: Scope) -> None:
        super().__init__(typed)
        own = {agency for agency, _ in scope.roles}
        found = register.counters(scope)
        if where := fold(str(self.data.get("where", ""))[:100]):
            found = found.filter(name_fold__contains=where)
        # one's own counter first
        self.counters = sorted(found[: MOST + 1], key=lambda one: not own & _body(one))
        self.is_long = len(self.counters) > MOST or bool(where)
        if not self.is_long:
            del self.fields["where"]
        self.agency = self._chosen()
        self.pages = list(
            RegisterCounter.objects.filter(agency=self.agency).order_by("-year")
            if self.agency
            else ()
        )
        this_year = timezone.localdate().year
        self.of_year = _number(self.data.get("year")) or (
            self.pages[0].year if self.pages else this_year
        )
        self._offer()

    @property
    def page(self) -> RegisterCounter | None:
        """Where the register of the year stands."""
        return next((one for one in self.pages if one.year == self.of_year), None)

    def asked(self) -> Filters | None:
        """None when there is no counter to ask about; call it after `is_valid`."""
        if self.agency is None:
            return None
        typed = self.cleaned_data
        return Filters(
            self.agency.pk,
            self.of_year,
            typed.get("volume"),
            typed.get("since"),
            typed.get("until"),
            typed.get("q", ""),
        )

    def _chosen(self) -> Agency | None:
        wanted = _number(self.data.get("counter"))
        chosen = next((one for one in self.counters if one.pk == wanted), None)
        return chosen or (self.counters[0] if self.counters and not wanted else None)

    def _offer(self) -> None:
        counter: Any = self.fields["counter"]
        counter.choices = [(one.pk, one.name) for one in self.counters]
        counter.clean = lambda value: value
        years = sorted({one.year for one in self.pages} | {self.of_year}, reverse=True)
        last = self.page.volume if self.page else 0
        volumes = [(number, f"Quyển {number}") for number in range(last, 0, -1)]
        self._choices("year", [(year, str(year)) for year in years], self.of_year)
        self._choices("volume", [("", "Cả năm"), *volumes, (OLD, "Sổ cũ (hồ sơ nhập)")], "")
        counter.initial = self.agency.pk if self.agency else None

    def _choices(self, name: str, choices: list[tuple[Any, str]], initial: Any) -> None:
        field: Any = self.fields[name]
        field.choices = choices
        field.initial = initial


def _body(agency: Agency) -> set[int]:
    return {agency.pk, agency.committee_id or agency.pk}


def _number(text: object) -> int | None:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else None

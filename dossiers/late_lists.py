"""The lists of what is late or will be (quá hạn): letters to sign, without, with, at risk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Prefetch

from agencies.scope import Scope
from dossiers import search
from dossiers.models import Apology, Dossier, LatenessCause, RiskMark
from dossiers.querysets import DossierQuerySet
from motcua.text import VietnameseCharField

# Counted no further: nobody reads the number beyond.
MOST_COUNTED = 999


@dataclass(frozen=True)
class LateList:
    slug: str
    title: str
    empty: str
    which: Callable[[DossierQuerySet, datetime], DossierQuerySet]


def _letters(*, signed: bool) -> Exists:
    live = Apology.objects.filter(dossier=OuterRef("pk"), dropped_at=None)
    return Exists(live.filter(signed_at__isnull=not signed))


LISTS = {
    each.slug: each
    for each in (
        LateList(
            "drafts",
            "Thư chờ ký",
            "Không có thư xin lỗi nào chờ ký.",
            lambda rows, now: rows.filter(_letters(signed=False)),
        ),
        LateList(
            "without",
            "Quá hạn, chưa có thư",
            "Không có hồ sơ quá hạn nào thiếu thư xin lỗi.",
            lambda rows, now: rows.filter(~_letters(signed=True), lapses_at__lte=now),
        ),
        LateList(
            "signed",
            "Đã xin lỗi, hẹn lại",
            "Không có hồ sơ đang xử lý nào đã xin lỗi.",
            lambda rows, now: rows.filter(_letters(signed=True)),
        ),
        LateList(
            "risk",
            "Có nguy cơ quá hạn",
            "Theo tiến độ hiện nay không có hồ sơ nào có nguy cơ quá hạn.",
            lambda rows, now: rows.filter(Exists(RiskMark.objects.filter(dossier=OuterRef("pk")))),
        ),
    )
}
SORTS = {"due": "lapses_at", "-due": "-lapses_at", "new": "-accepted_at"}


class LateFilter(forms.Form):
    """`?list=` and what narrows it; everything stays in the address."""

    list = forms.ChoiceField(
        choices=[(each.slug, each.title) for each in LISTS.values()],
        required=False,
        widget=forms.HiddenInput,
    )
    q = VietnameseCharField(label="Mã hồ sơ, tên chủ hồ sơ", max_length=200, required=False)
    cause = forms.ModelChoiceField(
        LatenessCause.objects.all(),
        label="Nguyên nhân",
        required=False,
        empty_label="Mọi nguyên nhân",
        to_field_name="code",
    )
    sort = forms.ChoiceField(
        label="Thứ tự",
        required=False,
        choices=[
            ("due", "Hạn sớm trước"),
            ("-due", "Hạn muộn trước"),
            ("new", "Mới tiếp nhận trước"),
        ],
    )

    @property
    def chosen(self) -> LateList:
        return LISTS[self.cleaned_data.get("list") or "drafts"]

    @property
    def order(self) -> str:
        return SORTS[self.cleaned_data.get("sort") or "due"]

    def dossiers(self, scope: Scope, now: datetime) -> DossierQuerySet:
        typed = self.cleaned_data
        found = self.chosen.which(_open(scope), now)
        if typed["cause"]:
            live = Apology.objects.filter(dossier=OuterRef("pk"), dropped_at=None)
            found = found.filter(Exists(live.filter(cause=typed["cause"])))
        return search.matching(found, typed["q"]) if typed["q"] else found


def with_letters(dossiers: DossierQuerySet) -> DossierQuerySet:
    """With what a list prints of each: `letters` (one at most) and the mark of its risk."""
    live = Apology.objects.filter(dropped_at=None).select_related("cause", "signed_by")
    return dossiers.for_list().prefetch_related(
        Prefetch("apologies", queryset=live, to_attr="letters"), "risk", "competent"
    )


def counts(scope: Scope, now: datetime) -> dict[str, int]:
    """One bounded statement for each list."""
    return {
        slug: each.which(_open(scope), now).order_by()[:MOST_COUNTED].count()
        for slug, each in LISTS.items()
    }


def chosen_of(scope: Scope, public_ids: Sequence[Any]) -> list[Dossier]:
    """The dossiers that were ticked, as far as they are in scope."""
    found = Dossier.objects.in_scope(scope).filter(public_id__in=public_ids)
    return list(found.order_by("lapses_at", "pk"))


def _open(scope: Scope) -> DossierQuerySet:
    return Dossier.objects.in_scope(scope).open()

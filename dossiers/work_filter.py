"""What may be asked of the lists of dossiers; the state stands in the address."""

from datetime import datetime
from typing import Any

from django import forms

from agencies.models import User
from agencies.scope import Scope
from dossiers.models import Dossier, Status
from dossiers.querysets import DossierQuerySet
from dossiers.search import matching
from dossiers.time_left import soon_until
from motcua.text import VietnameseCharField
from procedures.models import Channel

ANY = ("", "Tất cả")


class ListFilter(forms.Form):
    """All dossiers of one's scope."""

    q = VietnameseCharField(
        label="Tìm hồ sơ",
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "placeholder": "Tên không cần dấu, mã, số định danh, điện thoại",
            }
        ),
    )
    status = forms.TypedChoiceField(
        label="Trạng thái",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[ANY, *Status.choices],
    )
    channel = forms.ChoiceField(label="Kênh", required=False, choices=[ANY, *Channel.choices])
    procedure = VietnameseCharField(
        label="Mã thủ tục", required=False, max_length=20, widget=forms.TextInput()
    )

    def narrowed(self, dossiers: DossierQuerySet, now: datetime) -> DossierQuerySet:
        asked: dict[str, Any] = self.cleaned_data
        if asked["status"]:
            dossiers = dossiers.filter(status=asked["status"])
        if asked["channel"]:
            dossiers = dossiers.filter(channel=asked["channel"])
        if asked["procedure"]:
            dossiers = dossiers.filter(version__procedure__code=asked["procedure"])
        if asked["q"]:
            dossiers = matching(dossiers, asked["q"])
        return dossiers.for_list()

    def all_in(self, scope: Scope, now: datetime) -> DossierQuerySet:
        return self.narrowed(Dossier.objects.in_scope(scope), now)


class WorkFilter(ListFilter):
    """Open dossiers: whose hands they are in, and how urgent they are."""

    whose = forms.ChoiceField(
        label="Việc của",
        required=False,
        choices=[("", "Cơ quan tôi"), ("own", "Tôi"), ("all", "Toàn bộ phạm vi")],
    )
    due = forms.ChoiceField(
        label="Thời hạn",
        required=False,
        choices=[ANY, ("overdue", "Quá hạn"), ("soon", "Hạn hôm nay, ngày mai")],
    )
    field_order = ["q", "whose", "due", "status", "channel", "procedure"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        still_open = [(s.value, s.label) for s in Status if s.value in {2, 4, 5, 6}]
        self.fields["status"].choices = [ANY, *still_open]  # type: ignore[attr-defined]

    def work_of(self, user: User, scope: Scope, now: datetime) -> DossierQuerySet:
        """The open dossiers asked for, within the scope in every case."""
        asked: dict[str, Any] = self.cleaned_data
        dossiers = Dossier.objects.in_scope(scope).open()
        if asked["whose"] == "own":
            dossiers = dossiers.filter(officer=user)
        elif asked["whose"] != "all":
            dossiers = dossiers.held_at({agency for agency, _ in scope.roles})
        if asked["due"] == "overdue":
            dossiers = dossiers.overdue(now)
        elif asked["due"] == "soon":
            dossiers = dossiers.filter(lapses_at__gt=now, lapses_at__lte=soon_until(now))
        return self.narrowed(dossiers, now)

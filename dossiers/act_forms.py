"""The forms of the acts on a dossier: what each asks for, and the act that it calls."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django import forms

from agencies.models import User
from agencies.scope import Scope
from dossiers.models import Dossier


class ActForm(forms.Form):
    """The base: the id of the request (a second click writes nothing) and the state seen."""

    name: ClassVar[str]
    title: ClassVar[str]
    button: ClassVar[str] = "Ghi"

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": dossier.status, **kwargs.get("initial", {})}
        kwargs["auto_id"] = f"id_{self.name}_%s"
        super().__init__(*args, **kwargs)

    def seen_status(self) -> int:
        return int(self.cleaned_data["seen"])

    def perform(self, dossier: Dossier, actor: User, now: datetime) -> None:
        raise NotImplementedError


FORMS: dict[str, type[ActForm]] = {}


def act_forms(
    dossier: Dossier, scope: Scope, user: User, refused: ActForm | None = None
) -> list[ActForm]:
    """The forms of the legal moves now, the refused one as it was typed."""
    return [refused] if refused else []


def bound_form(
    act: str, dossier: Dossier, scope: Scope, typed: Mapping[str, Any]
) -> ActForm | None:
    made = FORMS.get(act)
    return made(typed, dossier=dossier) if made else None

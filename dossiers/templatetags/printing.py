"""`{% print_slip dossier "receipt" "In giấy tiếp nhận" %}`: one click prints a slip."""

from typing import Any
from uuid import uuid4

from django import template

from dossiers.models import Dossier, Slip

register = template.Library()


@register.inclusion_tag("dossiers/papers/_print.html", takes_context=True)
def print_slip(
    context: dict[str, Any],
    dossier: Dossier,
    kind: str,
    label: str,
    style: str = "btn",
    slip: Slip | None = None,
    *,
    title: str = "",
    is_focused: bool = False,
) -> dict[str, Any]:
    """A form of its own, not to be put into another one."""
    return {
        "csrf_token": context.get("csrf_token"),
        "dossier": dossier,
        "kind": kind,
        "label": label,
        # for those who hear "In" without the line that it stands in
        "title": title,
        "style": style,
        "slip": slip,
        "is_focused": is_focused,
        # a second click on the same button is the same print
        "request_id": uuid4(),
    }

"""What templates/django/forms/ repeat for every field, in one call instead of an include each."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

OptGroups = Iterable[tuple[str | None, list[dict[str, Any]], int]]


@register.filter
def attributes(attrs: dict[str, Any]) -> SafeString:
    """` id="id_q" required`; True is the name alone, False nothing."""
    return flatatt(attrs)


@register.filter
def options(groups: OptGroups) -> SafeString:
    """The options of a <select>."""
    return mark_safe("\n".join(_lines(groups)))  # noqa: S308 - of lines escaped below


def _lines(groups: OptGroups) -> Iterator[SafeString]:
    for name, rows, _ in groups:
        if name:
            yield format_html('<optgroup label="{}">', name)
        for row in rows:
            attrs = flatatt(row["attrs"]) if row["attrs"] else ""
            line = '<option value="{}"{}>{}</option>'
            yield format_html(line, row["value"], attrs, row["label"])
        if name:
            yield mark_safe("</optgroup>")

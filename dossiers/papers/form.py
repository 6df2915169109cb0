"""Number, title, fields and words of a paper: the law's, and over them the province's own.

`RuleSet.forms[kind]` of the dossier's rule set lies over what the paper's module says, and the
form of the nearest agency above the issuer that has one (`SlipForm`, such as by QĐ 1179) over
both. Both are the ones of the day of acceptance; before it, of the day of the act.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from dossiers.models import SlipForm, SlipKind
from dossiers.papers import apology, control_slip, receipt, refusal, stop, supplement
from dossiers.papers.content import Content, Form

CONTENTS: dict[str, Content] = {
    each.CONTENT.kind: each.CONTENT
    for each in (receipt, supplement, refusal, apology, stop, control_slip)
}
# Printed by a rule set only that names them (Thông tư 03/2025/TT-VPCP).
ONLY_WHEN_NAMED = {SlipKind.APOLOGY: frozenset({"extension"})}
_ABOVE = """
    WITH RECURSIVE above (origin, id, parent_id, committee_id, distance) AS (
        SELECT id, id, parent_id, committee_id, 0 FROM agencies_agency WHERE id = ANY(%s::bigint[])
        UNION ALL
        SELECT above.origin, up.id, up.parent_id, up.committee_id, above.distance + 1
        FROM above JOIN agencies_agency up ON up.id = coalesce(above.committee_id, above.parent_id)
        WHERE above.distance < 10
    )
    SELECT origin, id FROM above ORDER BY origin, distance
"""


def form_of(kind: str, law: Mapping[str, Any], local: Mapping[str, Any]) -> Form:
    """`law` is the rule set's forms, `local` the layout of the province's own ({}: none)."""
    said = {**_default(kind), **law.get(kind, {}), **local}
    # labels are changed one by one
    labels = {**law.get(kind, {}).get("labels", {}), **local.get("labels", {})}
    return Form(
        number=str(said["number"]),
        title=str(said["title"]),
        fields=tuple(said["fields"]),
        labels=labels,
        notes=tuple(said["notes"]),
        suffix=str(said["suffix"]),
    )


def _default(kind: str) -> dict[str, Any]:
    content = CONTENTS.get(kind)
    left_out = ONLY_WHEN_NAMED.get(SlipKind(kind), frozenset())
    fields = [key for key in content.keys if key not in left_out] if content else []
    suffix = content.suffix if content else ""
    return {
        "number": "",
        "title": SlipKind(kind).label,
        "fields": fields,
        "notes": [],
        "suffix": suffix,
    }


class Locals:
    """The provinces' own forms, for a number of papers at once (two queries at most)."""

    def __init__(self, agency_ids: Sequence[int], kinds: Sequence[str]) -> None:
        self.forms = list(SlipForm.objects.filter(kind__in=kinds).order_by("effective_from"))
        self.above: dict[int, list[int]] = {}
        if self.forms:
            with connection.cursor() as cursor:
                cursor.execute(_ABOVE, [list(agency_ids)])
                for origin, above in cursor.fetchall():
                    self.above.setdefault(origin, []).append(above)

    def layout(self, kind: str, agency_id: int, day: date) -> dict[str, Any]:
        """The nearest agency's on the day; {} when nobody above has one."""
        valid = {
            form.agency_id: form.layout
            for form in self.forms
            if form.kind == kind
            and form.effective_from <= day
            and (form.effective_to is None or day <= form.effective_to)
        }
        chain = self.above.get(agency_id, [])
        return next((valid[pk] for pk in chain if pk in valid), {})

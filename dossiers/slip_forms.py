"""A province's own form of a slip (mẫu phiếu của địa phương, such as by QĐ 1179): data only.

Layout, never markup: another title or number, the order of the fields, their labels, notes, what
stands behind the number. What the circular asks for stays on the paper, wherever the province
puts it. Changes are audited by the table itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.models import Agency, Kind, Level, Role
from agencies.scope import Scope
from dossiers.models import SlipForm, SlipKind
from dossiers.papers.form import CONTENTS, form_of
from motcua.errors import DomainError
from motcua.text import clean
from procedures.models import RuleSet

LONGEST = {"title": 120, "number": 10, "suffix": 20, "label": 150, "note": 300, "legal_basis": 300}
MOST_NOTES = 5


class SlipFormInvalid(DomainError):
    code = "slip_form_invalid"
    message = "Mẫu phiếu chưa đúng; xin xem lại các ô được đánh dấu."


@dataclass(frozen=True)
class Draft:
    """What an administrator typed; blank texts leave the law's own."""

    agency: Agency
    kind: str
    effective_from: date
    effective_to: date | None
    legal_basis: str
    title: str = ""
    number: str = ""
    suffix: str = ""
    fields: tuple[str, ...] = ()
    labels: Mapping[str, str] = ()  # type: ignore[assignment]
    notes: tuple[str, ...] = ()

    def layout(self) -> dict[str, Any]:
        """The shape of `RuleSet.forms[kind]`, only what differs from it."""
        texts = {"title": self.title, "number": self.number, "suffix": self.suffix}
        made: dict[str, Any] = {key: clean(text) for key, text in texts.items() if clean(text)}
        if self.fields and self.fields != statutory(self.kind, self.effective_from):
            made["fields"] = list(self.fields)
        labels = {key: clean(text) for key, text in dict(self.labels).items() if clean(text)}
        if labels:
            made["labels"] = labels
        notes = [clean(note) for note in self.notes if clean(note)]
        if notes:
            made["notes"] = notes
        return made


def may_edit(scope: Scope) -> QuerySet[Agency]:
    """The province-level agencies that the user administers."""
    return Agency.objects.filter(
        pk__in=scope.agencies_as(Role.ADMINISTRATOR), level=Level.PROVINCE, kind=Kind.COMMITTEE
    )


def of(scope: Scope) -> QuerySet[SlipForm]:
    return (
        SlipForm.objects.filter(agency__in=may_edit(scope))
        .select_related("agency")
        .order_by("kind", "-effective_from")
    )


def statutory(kind: str, day: date) -> tuple[str, ...]:
    """The fields that the law asks for on the day, in its order."""
    law = RuleSet.objects.filter(effective_on__lte=day).order_by("-effective_on").first()
    return form_of(kind, law.forms if law else {}, {}).fields


def save(draft: Draft, existing: SlipForm | None = None) -> SlipForm:
    """A new form, or another wording of one; raises SlipFormInvalid with what is wrong where."""
    faults = check(draft, existing)
    if faults:
        raise SlipFormInvalid(fields=faults)
    with transaction.atomic():
        # Two administrators at once: the agency's row lets one after the other look for overlaps.
        Agency.objects.select_for_update().get(pk=draft.agency.pk)
        if faults := _check_time(draft, existing):
            raise SlipFormInvalid(fields=faults)
        form = existing or SlipForm(agency=draft.agency)
        form.kind = draft.kind
        form.effective_from, form.effective_to = draft.effective_from, draft.effective_to
        form.legal_basis, form.layout = clean(draft.legal_basis), draft.layout()
        form.save()
    return form


def check(draft: Draft, existing: SlipForm | None = None) -> dict[str, str]:
    """By the field of the form: what is wrong with it."""
    return {
        **_check_kind(draft),
        **_check_texts(draft),
        **_check_fields(draft),
        **_check_time(draft, existing),
    }


def _check_kind(draft: Draft) -> dict[str, str]:
    return {} if draft.kind in SlipKind.values else {"kind": "Loại phiếu không có trong quy định."}


def _check_texts(draft: Draft) -> dict[str, str]:
    faults = {}
    for name in ("title", "number", "suffix", "legal_basis"):
        if len(clean(getattr(draft, name))) > LONGEST[name]:
            faults[name] = f"Dài quá {LONGEST[name]} ký tự."
    if not clean(draft.legal_basis):
        faults["legal_basis"] = "Cần ghi căn cứ ban hành mẫu (số, ngày quyết định)."
    for key, text in dict(draft.labels).items():
        if len(clean(text)) > LONGEST["label"]:
            faults[f"label_{key}"] = f"Dài quá {LONGEST['label']} ký tự."
    notes = [note for note in draft.notes if clean(note)]
    if len(notes) > MOST_NOTES or any(len(clean(note)) > LONGEST["note"] for note in notes):
        faults["notes"] = f"Nhiều nhất {MOST_NOTES} dòng, mỗi dòng {LONGEST['note']} ký tự."
    return faults


def _check_fields(draft: Draft) -> dict[str, str]:
    content = CONTENTS.get(draft.kind)
    if content is None or not draft.fields:
        return {}
    unknown = [key for key in draft.fields if key not in content.keys]
    strange = [key for key in dict(draft.labels) if key not in content.keys]
    if unknown or strange:
        return {"fields": f"Mẫu này không có mục: {', '.join([*unknown, *strange])}."}
    if len(set(draft.fields)) < len(draft.fields):
        return {"fields": "Có mục được xếp hai lần."}
    missing = [
        key for key in statutory(draft.kind, draft.effective_from) if key not in draft.fields
    ]
    if missing:
        return {"fields": f"Thiếu mục bắt buộc của Thông tư: {', '.join(_words(draft, missing))}."}
    return {}


def _words(draft: Draft, keys: Sequence[str]) -> list[str]:
    return [field_name(draft.kind, key) for key in keys]


def field_name(kind: str, key: str) -> str:
    """The field as an administrator knows it; sentences have no label of their own."""
    label = CONTENTS[kind].field(key).label
    return label or _SENTENCES.get(key, key)


_SENTENCES = {
    "contact": "Nơi liên hệ",
    "decision": "Câu thông báo",
    "reason": "Lý do",
    "received": "Câu nêu việc tiếp nhận",
    "late": "Câu nêu việc chậm",
    "sorry": "Câu xin lỗi",
    "extension": "Câu đề nghị gia hạn",
    "closing": "Câu kết",
    "runs": "Bảng giao nhận",
}


def _check_time(draft: Draft, existing: SlipForm | None) -> dict[str, str]:
    if draft.effective_to is not None and draft.effective_to < draft.effective_from:
        return {"effective_to": "Ngày cuối phải từ ngày bắt đầu trở đi."}
    others = SlipForm.objects.filter(agency=draft.agency, kind=draft.kind)
    if existing is not None:
        others = others.exclude(pk=existing.pk)
    others = others.filter(Q(effective_to__isnull=True) | Q(effective_to__gte=draft.effective_from))
    if draft.effective_to is not None:
        others = others.filter(effective_from__lte=draft.effective_to)
    if (other := others.first()) is None:
        return {}
    end = f" đến {other.effective_to:%d/%m/%Y}" if other.effective_to else ""
    words = f"Trùng thời gian với mẫu có hiệu lực từ {other.effective_from:%d/%m/%Y}{end}."
    return {"effective_from": words}


def today() -> date:
    return timezone.localdate()

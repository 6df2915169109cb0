"""Half-filled intake forms (bản nháp): kept as one types, encrypted, the owner's alone.

The draft's id is the form's intake key: once a dossier has that key the draft is gone, and a
late save brings it back no more.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from agencies.models import User
from dossiers.errors import DraftRefused
from dossiers.models import IntakeDraft
from dossiers.secrets import Unreadable, decrypt, encrypt
from motcua.text import clean
from procedures.models import ProcedureVersion

KEPT = timedelta(days=14)
LONGEST = 50_000
SHOWN = 20
_OMITTED = {"csrfmiddlewaretoken", "outcome"}

_SAVE = """
    INSERT INTO dossiers_intakedraft (public_id, owner_id, procedure_id, cipher, saved_at)
    SELECT %(key)s, %(owner)s, %(procedure)s, %(cipher)s, %(now)s
    WHERE NOT EXISTS (SELECT FROM dossiers_dossier
                      WHERE lodged_at_id = ANY(%(places)s) AND intake_key = %(key)s)
    ON CONFLICT (public_id) DO UPDATE SET cipher = excluded.cipher, saved_at = excluded.saved_at
    WHERE dossiers_intakedraft.owner_id = excluded.owner_id
    AND dossiers_intakedraft.procedure_id = excluded.procedure_id
    RETURNING id
"""
# Nothing refers to a draft, so that nothing has to be looked for first.
_DROP = "DELETE FROM dossiers_intakedraft WHERE owner_id = %s AND public_id = %s"


@dataclass(frozen=True)
class Content:
    """What had been typed, and for which version of the procedure."""

    version_id: int
    fields: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Mine:
    """A draft in the list of its owner."""

    key: UUID
    procedure_id: int
    code: str
    title: str
    holder: str
    saved_at: datetime
    # one may go on with it: a version of the procedure is in force today
    is_open: bool


def save(
    key: UUID,
    version: ProcedureVersion,
    fields: Mapping[str, Sequence[str]],
    *,
    places: Sequence[int],
    owner: User,
    now: datetime,
) -> None:
    """One statement. Refuses when the form was taken in meanwhile, or is somebody else's."""
    kept = {name: list(values) for name, values in fields.items() if name not in _OMITTED}
    text = json.dumps({"version": version.pk, "fields": kept}, ensure_ascii=False)
    if len(text) > LONGEST:
        raise DraftRefused("Nội dung quá dài để lưu nháp.")
    with connection.cursor() as cursor:
        cursor.execute(
            _SAVE,
            {
                "key": key,
                "owner": owner.pk,
                "procedure": version.procedure_id,
                "cipher": encrypt(text),
                "now": now,
                "places": list(places),
            },
        )
        if cursor.fetchone() is None:
            raise DraftRefused


def of(owner: User, now: datetime) -> list[Mine]:
    """One's own, the last first, with the procedure and whose they are (one query)."""
    drafts = IntakeDraft.objects.filter(owner=owner, saved_at__gt=now - KEPT)
    versions = ProcedureVersion.objects.filter(procedure=OuterRef("procedure"), status="published")
    title = Subquery(versions.order_by("-effective_from").values("name")[:1])
    of_today = ProcedureVersion.objects.in_force(timezone.localdate(now))
    is_open = Exists(of_today.filter(procedure=OuterRef("procedure")))
    titled = drafts.annotate(title=title, is_open=is_open)
    named = titled.select_related("procedure").order_by("-saved_at")
    return [_mine(draft) for draft in named[:SHOWN]]


def read(owner: User, key: UUID) -> Content | None:
    """None when it does not exist, or is somebody else's, or no key of ours opens it."""
    draft = IntakeDraft.objects.filter(owner=owner, public_id=key).first()
    return _opened(draft) if draft else None


def drop(owner: User, key: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_DROP, [owner.pk, key])
        return bool(cursor.rowcount)


def sweep(now: datetime) -> int:
    """What nobody went on with is personal data without a purpose."""
    return IntakeDraft.objects.filter(saved_at__lte=now - KEPT).delete()[0]


def _mine(draft: Any) -> Mine:
    content = _opened(draft)
    names = content.fields.get("holder-name", ()) if content else ()
    return Mine(
        draft.public_id,
        draft.procedure_id,
        draft.procedure.code,
        draft.title or draft.procedure.code,
        clean(names[-1])[:100] if names else "",
        draft.saved_at,
        draft.is_open,
    )


def _opened(draft: IntakeDraft) -> Content | None:
    try:
        known = json.loads(decrypt(draft.cipher))
    except Unreadable:
        return None
    return Content(known["version"], known["fields"])

"""The electronic store of a citizen or an organisation (kho quản lý dữ liệu điện tử).

What goes in: the papers of accepted dossiers when they have been digitised, and results
(dossiers.archiving calls `keep`, at this one place). Whoever gave no number has no store: nobody
could find it again.

Who sees what: a member of staff who serves the citizen and types the exact number sees the name
and the date of each paper, and each such look is kept (MaskedView "store"). The paper itself is
seen only when it has been attached to a dossier within one's scope, or when the citizen stands
there and the clerk says so: that look is kept apart (MaskedView "paper"). A result is offered
while its dossier stands as ended and nobody has dropped it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.models import User
from dossiers.models import MaskedView, Party, Result, Status, StoredFile, StoredPaper
from dossiers.parties import number_hash

# Of one holder, the newest first; a store grows with a life.
MOST = 100
_KEEP = """
    INSERT INTO dossiers_storedpaper
        (public_id, party_id, kind, name, file_id, dossier_id, component_id, stored_at)
    SELECT gen_random_uuid(), party.id, paper.kind, paper.name, %(file)s, dossier.id,
           paper.component_id, %(now)s
    FROM (
        SELECT 'component' AS kind, name, dossier_id, component_id
        FROM dossiers_dossiercomponent WHERE file_id = %(file)s AND reused_from_id IS NULL
        UNION ALL
        SELECT 'result', title, dossier_id, NULL
        FROM dossiers_result WHERE file_id = %(file)s AND dropped_at IS NULL
    ) paper
    JOIN dossiers_dossier dossier ON dossier.id = paper.dossier_id
    JOIN dossiers_party party ON party.id = dossier.holder_id
    WHERE dossier.accepted_at IS NOT NULL AND party.citizen_id_hash IS NOT NULL
    ON CONFLICT (party_id, file_id) DO NOTHING
"""


@dataclass(frozen=True)
class Offer:
    """A listed paper of a procedure, and what the holder's store has for it."""

    component_id: int
    name: str
    # of the very same paper of the list, then the others
    same: list[StoredPaper]
    others: list[StoredPaper]


def keep(file: StoredFile, now: datetime) -> int:
    """Put a paper in its holder's store, once (one statement); how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"file": file.pk, "now": now})
        return int(cursor.rowcount)


def papers_of(
    kind: str, number: str, *, viewer: User, now: datetime, address: str | None = None
) -> list[StoredPaper]:
    """The papers of the holder of exactly this number; the look is kept. Two to three statements.

    Refuses with PartyInvalid what cannot be a number; nobody known is an empty list.
    """
    if not number.strip():
        return []
    known = Party.objects.filter(kind=kind, citizen_id_hash=number_hash(number, kind)).first()
    if known is None:
        return []
    MaskedView.objects.create(
        party=known, what="store", viewer=viewer, at=now, address=address or None
    )
    found = _offered().filter(party=known).select_related("dossier__version", "component", "file")
    return list(found.order_by("-stored_at", "-pk")[:MOST])


def offers(components: list[tuple[int, str]], papers: list[StoredPaper]) -> list[Offer]:
    """For each (id, name) of the list: the store's papers, those of the same name first."""
    return [
        Offer(
            pk,
            name,
            [one for one in papers if name in {one.name, one.component and one.component.name}],
            [one for one in papers if name not in {one.name, one.component and one.component.name}],
        )
        for pk, name in components
    ]


def look_into(
    public_id: UUID, *, viewer: User, now: datetime, address: str | None = None
) -> StoredPaper | None:
    """The paper itself, the citizen standing there; kept before it is shown."""
    found = _offered().filter(public_id=public_id).select_related("file").first()
    if found is not None:
        MaskedView.objects.create(
            party_id=found.party_id,
            dossier_id=found.dossier_id,
            what="paper",
            viewer=viewer,
            at=now,
            address=address or None,
        )
    return found


def _offered() -> QuerySet[StoredPaper]:
    dropped = Result.objects.filter(file=OuterRef("file"), dropped_at__isnull=False)
    is_result = Q(kind=StoredPaper.Kind.RESULT)
    ended = Q(dossier__status__in=[Status.DONE, Status.RETURNED]) & ~Q(Exists(dropped))
    return StoredPaper.objects.filter(~is_result | ended)

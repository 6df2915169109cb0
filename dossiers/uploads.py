"""A file that somebody uploaded a moment ago becomes part of a dossier."""

from uuid import UUID

from agencies.models import User
from dossiers.errors import FileRefused
from dossiers.models import StoredFile


def take(public_id: UUID, actor: User, *media_types: str) -> StoredFile:
    """One's own upload that nothing has taken yet; it is kept as long as the dossier."""
    found = (
        StoredFile.objects.select_for_update(of=("self",))
        .filter(public_id=public_id, stored_by=actor, retention=StoredFile.Retention.TEMPORARY)
        .first()
    )
    if found is None:
        raise FileRefused("Tệp đã tải lên không còn hoặc đã dùng. Hãy tải lại.")
    if media_types and found.media_type not in media_types:
        raise FileRefused("Tệp không đúng loại cần ở đây.")
    found.retention = StoredFile.Retention.DOSSIER
    found.save(update_fields=["retention"])
    return found

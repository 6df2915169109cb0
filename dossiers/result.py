"""The result is there (đã xử lý xong); a leader may correct that it was not.

The papers of a result (kết quả giải quyết) are recorded before or after: signed here with the
office's certificate, signed elsewhere (the signature is found in the file and must be whole), or
scans of what was signed by hand. A signed file is kept byte for byte.
"""

from datetime import date, datetime
from io import BytesIO
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone

from agencies.models import User
from agencies.scope import Scope
from dossiers import ending, errors, files, legs, permission, uploads
from dossiers.acting import performing
from dossiers.models import Dossier, DossierEvent, Leg, Result, Status, StoredFile
from dossiers.reasons import given
from dossiers.sniffing import PDF, PICTURES
from motcua import signing
from motcua.errors import DomainError
from motcua.text import clean

# A result is recorded while its dossier is worked on, or when it has just ended.
RECORDED_IN = (Status.ACCEPTED, Status.PROCESSING, Status.FINANCIAL, Status.DONE)


class ResultInvalid(DomainError):
    code = "result_invalid"
    message = "Thông tin kết quả chưa đúng."


def of(dossier: Dossier) -> list[Result]:
    """The results that stand, with their files and PDF/A copies (one query)."""
    standing = dossier.results.filter(dropped_at__isnull=True)
    return list(standing.select_related("file__archived_as", "recorded_by"))


def may_record(dossier: Dossier, scope: Scope) -> bool:
    """For the button; the act checks again."""
    places = [dossier.held_by, dossier.competent]
    is_time = dossier.status in RECORDED_IN
    return is_time and permission.allows(scope, places, permission.STAFF)


def record(
    dossier: Dossier,
    *,
    actor: User,
    now: datetime,
    request_id: UUID,
    title: str,
    number: str,
    issued_on: date,
    file_id: UUID,
    sign: bool = False,
) -> Dossier:
    """One paper of the result, by the office that answers; a dossier may have several.

    `file_id` is the public id of one's own upload. The same request id again records nothing.
    """
    title, number = clean(title), clean(number)
    _check(title, number, issued_on, now)
    if sign and not DossierEvent.objects.filter(request_id=request_id).exists():
        # Before the dossier is locked: signing takes its time. What it made is an upload too.
        permission.require(actor, [dossier.held_by, dossier.competent], permission.STAFF, now)
        file_id = _signed(file_id, actor, now).public_id
    with performing("record_result", dossier, actor=actor, now=now, request_id=request_id) as act:
        if act.is_repeated:
            return act.dossier
        act.require([act.dossier.held_by, act.dossier.competent])
        act.stay_in(*RECORDED_IN)
        file = uploads.take(file_id, actor, PDF, *sorted(PICTURES))
        recorded = Result.objects.create(
            dossier=act.dossier,
            title=title,
            number=number,
            issued_on=issued_on,
            file=file,
            signing=_signing_of(file),
            recorded_at=now,
            recorded_by=actor,
        )
        act.detail = {"result": str(recorded.public_id), "signing": recorded.signing}
    return act.dossier


def finish(dossier: Dossier, *, actor: User, now: datetime, request_id: UUID) -> Dossier:
    """State 9: the end of the clock. Every open leg ends early, on time or overdue."""
    with performing("finish", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.competent])
            act.move(Status.DONE)
            ending.end(act, negative=False)
    return act.dossier


def reopen(
    dossier: Dossier, *, actor: User, now: datetime, request_id: UUID, reason: str
) -> Dossier:
    """A recorded correction, 9 → 4: the clock never stopped. Counts change where they stood."""
    reason = given(reason)
    with performing("reopen", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.competent], permission.LEADERS)
            act.correct(Status.PROCESSING)
            ended = list(_ended_with(act.dossier))
            today = timezone.localdate(now)
            if not all(leg.agency.is_valid_on(today) for leg in ended):
                raise errors.AgencyClosed
            legs.reopen(ended)
            act.changes |= {"ended_at": None, "closing_reason": reason}
            act.dossier.results.filter(dropped_at__isnull=True).update(dropped_at=now)
            for leg in ended:
                if not leg.is_forwarded:
                    ending.show(act, leg)
    return act.dossier


def _ended_with(dossier: Dossier) -> list[Leg]:
    """The legs that the result ended; one that was sent back before stays ended."""
    return list(dossier.legs.filter(ended_at=dossier.ended_at).select_related("agency"))


def _check(title: str, number: str, issued_on: date, now: datetime) -> None:
    wrong = {}
    if not title or len(title) > 300:
        wrong["title"] = "Cần ghi tên kết quả, không quá 300 chữ."
    if len(number) > 60:
        wrong["number"] = "Số, ký hiệu quá dài."
    if issued_on > timezone.localdate(now):
        wrong["issued_on"] = "Ngày ký không được sau hôm nay."
    if wrong:
        raise ResultInvalid(fields=wrong)


def _signed(file_id: UUID, actor: User, now: datetime) -> StoredFile:
    """A signed copy of one's own upload, an upload itself; the unsigned one is swept."""
    own = StoredFile.objects.filter(public_id=file_id, stored_by=actor)
    file = own.filter(retention=StoredFile.Retention.TEMPORARY).first()
    if file is None:
        raise errors.FileRefused("Tệp đã tải lên không còn hoặc đã dùng. Hãy tải lại.")
    if file.media_type != PDF:
        raise errors.FileRefused("Chỉ ký số được tệp PDF.")
    content = signing.sign(_content(file), reason="Kết quả giải quyết thủ tục", signer=str(actor))
    return files.store(
        BytesIO(content),
        file.name,
        stored_by=actor,
        now=now,
        retention=StoredFile.Retention.TEMPORARY,
    )


def _signing_of(file: StoredFile) -> str:
    if file.media_type != PDF or b"/ByteRange" not in (content := _content(file)):
        return Result.Signing.SCANNED
    found = signing.signatures_of(content)
    if not all(one.is_intact for one in found):
        raise errors.FileRefused("Chữ ký số trong tệp không còn toàn vẹn: tệp đã bị sửa.")
    return Result.Signing.DIGITAL if found else Result.Signing.SCANNED


def _content(file: StoredFile) -> bytes:
    with default_storage.open(file.storage_key) as content:
        return bytes(content.read())

"""Other offices are asked what they think (lấy ý kiến phối hợp), with a deadline.

The dossier stays where it is and its clock runs on; whoever was asked sees it, and a late answer
is that office's. The office that asked may go on without it: the missing answer is only shown.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import Agency, User
from calendars import clock
from calendars.clock import Limit, Unit
from calendars.errors import InvalidLimit, OutOfCalendar
from calendars.loading import working_time
from dossiers import errors, uploads
from dossiers.acting import Act, performing
from dossiers.models import Dossier, Opinion, Status
from motcua.text import clean

OPEN = (Status.ACCEPTED, Status.PROCESSING, Status.SUPPLEMENT, Status.FINANCIAL)
UNITS = (Unit.WORKING_HOUR, Unit.WORKING_DAY)


def ask(
    dossier: Dossier,
    *,
    actor: User,
    now: datetime,
    request_id: UUID,
    of: Agency,
    question: str,
    limit_value: int = 1,
    limit_unit: str = Unit.WORKING_DAY,
) -> Dossier:
    """`of` may see the dossier from now on; its answer is due by its own calendar."""
    question = _text(question, "question", 1000)
    with performing("ask_opinion", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.competent])
            act.stay_in(*OPEN)
            _check(act, of)
            opinion = Opinion.objects.create(
                dossier=act.dossier,
                asked_from=act.dossier.held_by,
                asked_by=actor,
                asked_of=of,
                asked_at=now,
                question=question,
                due_at=_due(of, limit_value, limit_unit, now),
            )
            act.changes["agency_ids"] = sorted({*act.dossier.agency_ids, of.pk})
            act.detail |= {"opinion": opinion.pk, "to_agency": of.pk}
    return act.dossier


def answer(
    dossier: Dossier,
    *,
    actor: User,
    now: datetime,
    request_id: UUID,
    opinion: Opinion,
    conclusion: str,
    text: str = "",
    file_id: UUID | None = None,
) -> Dossier:
    """Once, by the staff of the office that was asked; also when it comes late, or too late."""
    text = clean(text)[:2000]
    if conclusion not in Opinion.Conclusion.values:
        raise errors.OpinionInvalid(fields={"conclusion": "Cần chọn kết luận."})
    if not text and conclusion != Opinion.Conclusion.AGREED:
        raise errors.OpinionInvalid(
            "Cần ghi rõ ý kiến.", fields={"text": "Ghi rõ điều kiện hoặc lý do không đồng ý."}
        )
    with performing("answer_opinion", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            asked = _asked(act, opinion)
            act.require([asked.asked_of])
            if now < asked.asked_at:
                raise errors.TooEarly
            asked.answered_at, asked.answered_by = now, actor
            asked.conclusion, asked.answer = conclusion, text
            asked.file = uploads.take(file_id, actor) if file_id else None
            asked.save()
            act.place_id = asked.asked_of_id
            act.detail |= {"opinion": asked.pk, "late": now > asked.due_at}
    return act.dossier


def waiting(dossier: Dossier) -> QuerySet[Opinion]:
    """Asked and not answered."""
    return dossier.opinions.filter(answered_at__isnull=True).select_related("asked_of")


def _asked(act: Act, opinion: Opinion) -> Opinion:
    found = (
        Opinion.objects.select_for_update(of=("self",))
        .select_related("asked_of")
        .filter(pk=opinion.pk, dossier=act.dossier)
        .first()
    )
    if found is None or found.answered_at is not None:
        raise errors.OpinionInvalid("Ý kiến này đã được trả lời.")
    return found


def _check(act: Act, of: Agency) -> None:
    if not of.is_valid_on(timezone.localdate(act.now)):
        raise errors.AgencyClosed
    if of.pk == act.dossier.held_by_id:
        raise errors.OpinionInvalid(
            "Hồ sơ đang ở chính cơ quan này.", fields={"of": "Hãy chọn cơ quan khác."}
        )
    if act.dossier.opinions.filter(asked_of=of, answered_at__isnull=True).exists():
        raise errors.OpinionInvalid("Cơ quan này đã được hỏi và chưa trả lời.")


def _due(of: Agency, value: int, unit: str, now: datetime) -> datetime:
    if unit not in UNITS:
        raise errors.OpinionInvalid("Hạn trả lời tính bằng giờ hoặc ngày làm việc.")
    try:
        found = clock.due(Limit(value, Unit(unit)), now, working_time(of.calendar))
    except (InvalidLimit, OutOfCalendar) as error:
        raise errors.OpinionInvalid(
            "Hạn trả lời chưa đúng.", fields={"limit_value": "Hạn trả lời chưa đúng."}
        ) from error
    return found.original_due_at


def _text(text: str, field: str, longest: int) -> str:
    text = clean(text)
    if not text or len(text) > longest:
        words = "Cần ghi nội dung." if not text else f"Dài quá {longest} ký tự."
        raise errors.OpinionInvalid(words, fields={field: words})
    return text

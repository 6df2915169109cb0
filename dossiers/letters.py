"""What an apology says (Mẫu 04): which date was missed, why, and the new one."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from calendars.errors import OutOfCalendar
from calendars.loading import working_time
from calendars.working_time import WorkingTime
from dossiers import errors
from dossiers.models import Apology, Dossier, LatenessCause
from motcua.text import clean

# Working days after the missed due date, unless the pace of the office says more.
USUAL_DELAY = 3
# A cause that says nothing needs words of its own.
NEEDS_WORDS = "other"


@dataclass(frozen=True)
class Words:
    """What is typed; what is left out stays as it was drafted."""

    cause: LatenessCause | None = None
    explanation: str = ""
    promised_at: datetime | None = None


UNCHANGED = Words()


def suggested(
    due_at: datetime, office: WorkingTime, now: datetime, expected_at: datetime | None = None
) -> datetime:
    """The end of the third working day after the missed date; later when the pace says so."""
    missed = max(timezone.localdate(due_at), timezone.localdate(now))
    at = office.end_of(office.nth_working_day(USUAL_DELAY, missed))
    if expected_at is None or expected_at <= at:
        return at
    on = timezone.localdate(expected_at)
    return office.end_of(office.working_day_from(on.toordinal()))


def drafted(dossier: Dossier, now: datetime, expected_at: datetime | None = None) -> Apology:
    """Not saved; of a dossier with a due moment."""
    due_at = _missed(dossier)
    office = working_time(dossier.competent.calendar)
    promised_at = suggested(due_at, office, now, expected_at)
    return Apology(dossier=dossier, due_at=due_at, promised_at=promised_at, drafted_at=now)


def write(letter: Apology, words: Words, dossier: Dossier, now: datetime) -> None:
    """The due moment is the one in force now: it may have moved since the draft was made."""
    due_at, office = _missed(dossier), working_time(dossier.competent.calendar)
    letter.due_at = due_at
    letter.cause = words.cause or letter.cause
    letter.explanation = clean(words.explanation)[:1000] or letter.explanation
    if words.promised_at is not None:
        _check(words.promised_at, due_at, office, now)
        letter.promised_at = words.promised_at
    elif letter.promised_at is None or letter.promised_at <= max(due_at, now):
        letter.promised_at = suggested(due_at, office, now)


def cause_of(letter: Apology) -> LatenessCause:
    """Refuses a letter that does not say why."""
    if letter.cause is None:
        raise errors.ApologyInvalid(fields={"cause": "Cần chọn nguyên nhân."})
    if letter.cause.code == NEEDS_WORDS and not letter.explanation:
        raise errors.ApologyInvalid(fields={"explanation": "Cần ghi nguyên nhân cụ thể."})
    return letter.cause


def _check(at: datetime, due_at: datetime, office: WorkingTime, now: datetime) -> None:
    if at <= due_at or at <= now:
        raise errors.ApologyInvalid(fields={"promised_at": "Phải sau ngày hẹn cũ và sau lúc này."})
    try:
        works = office.is_working_day(timezone.localdate(at))
    except OutOfCalendar:
        works = False
    if not works:
        raise errors.ApologyInvalid(fields={"promised_at": "Phải là ngày làm việc."})


def _missed(dossier: Dossier) -> datetime:
    if dossier.due_at is None:
        raise errors.MoveNotAllowed("Hồ sơ đang tạm dừng tính thời hạn, chưa có ngày hẹn để lỡ.")
    return dossier.due_at

"""The apology for being late (xin lỗi và hẹn lại, Mẫu 04): drafted, signed, told, once.

Nghị định 61/2018/NĐ-CP (since 1/7/2025 Nghị định 118/2025/NĐ-CP): at the latest a day before the
due date the office that answers says why, and when it will be done; a new date is promised at
most once. It cures nothing: the dossier stays overdue, and neither its end nor the handing over
waits for a letter.
"""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from agencies.models import Agency, User
from calendars.loading import working_time
from calendars.models import Calendar
from dossiers import errors, letters, permission, slips
from dossiers.acting import Act, performing
from dossiers.letters import UNCHANGED, Words
from dossiers.models import Apology, Dossier, RiskMark, SlipKind, Status

OPEN = (Status.ACCEPTED, Status.PROCESSING, Status.SUPPLEMENT, Status.FINANCIAL)
CHUNK = 1_000


def draft_all(now: datetime) -> int:
    """A draft for each open dossier that is due within a working day, or overdue without one.

    Never a second one; drafts of this task that are needless by now are dropped. A fixed number
    of statements for each `CHUNK`; returns how many dossiers had none.
    """
    soon = _due_soon(now)
    _drop_needless(soon, now)
    without = Dossier.objects.filter(
        soon,
        ~Exists(Apology.objects.filter(dossier=OuterRef("pk"), dropped_at=None)),
        status__in=OPEN,
        accepted_at__isnull=False,
        promised_at__isnull=True,
    ).select_related("competent__calendar", "risk")
    made, last = 0, 0
    while chunk := list(without.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        rows = [letters.drafted(one, now, _expected_at(one)) for one in chunk]
        Apology.objects.bulk_create(rows, ignore_conflicts=True)
        made, last = made + len(rows), chunk[-1].pk
    return made


def draft(
    dossier: Dossier, *, actor: User, now: datetime, request_id: UUID, words: Words = UNCHANGED
) -> Dossier:
    """By hand, as soon as somebody knows that it will be late."""
    with performing("apology_draft", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require(answering(act.dossier))
            act.stay_in(*OPEN)
            _refuse_second(act.dossier)
            if _letter(act.dossier) is not None:
                raise errors.DossierChanged("Hồ sơ đã có dự thảo thư xin lỗi. Hãy tải lại trang.")
            letter = letters.drafted(act.dossier, now)
            letter.drafted_by = actor
            letters.write(letter, words, act.dossier, now)
            letter.save(force_insert=True)
    return act.dossier


def edit(
    dossier: Dossier, *, actor: User, now: datetime, request_id: UUID, words: Words
) -> Dossier:
    """Words and date of a draft; what was signed stays as it is."""
    with performing("apology_edit", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require(answering(act.dossier))
            letter = _draft(act)
            letters.write(letter, words, act.dossier, now)
            letter.save(update_fields=["cause", "explanation", "promised_at", "due_at"])
    return act.dossier


def sign(
    dossier: Dossier, *, actor: User, now: datetime, request_id: UUID, words: Words = UNCHANGED
) -> Dossier:
    """By a leader of the office that answers: numbered, told to the citizen, in the history."""
    with performing("apology", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require(answering(act.dossier), permission.LEADERS)
            letter = _draft(act)
            _refuse_second(act.dossier)
            letters.write(letter, words, act.dossier, now)
            cause = letters.cause_of(letter)
            letter.signed_at, letter.signed_by = now, actor
            letter.save(force_update=True)
            slips.issue(act.dossier, SlipKind.APOLOGY, actor=actor, now=now, apology=letter)
            act.changes["promised_at"] = letter.promised_at
            act.detail |= {"cause": cause.name, "apology": str(letter.public_id)}
    return act.dossier


def drop(dossier: Dossier, *, actor: User, now: datetime, request_id: UUID) -> Dossier:
    """It will not be late after all; a signed letter cannot be taken back."""
    with performing("apology_drop", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require(answering(act.dossier))
            letter = _draft(act)
            letter.dropped_at = now
            letter.save(update_fields=["dropped_at"])
    return act.dossier


def answering(dossier: Dossier) -> list[Agency]:
    """The offices whose people write the letter and whose leader signs it."""
    return [dossier.held_by, dossier.competent]


def _refuse_second(dossier: Dossier) -> None:
    if dossier.promised_at is not None:
        raise errors.AlreadyPromised


def _letter(dossier: Dossier) -> Apology | None:
    live = Apology.objects.filter(dossier=dossier, dropped_at=None)
    return live.select_related("cause").first()


def _draft(act: Act) -> Apology:
    """The draft of an open dossier; after its end a letter has nothing to promise."""
    act.stay_in(*OPEN)
    letter = _letter(act.dossier)
    if letter is None:
        raise errors.NoApology
    if letter.signed_at is not None:
        raise errors.AlreadyPromised
    return letter


def _due_soon(now: datetime) -> Q:
    """Due on the next working day of the answering agency or before it, overdue ones included."""
    soon = Q(pk__in=[])
    for calendar in Calendar.objects.order_by("pk"):
        following = working_time(calendar).nth_working_day(1, timezone.localdate(now))
        until = timezone.make_aware(datetime.combine(following + timedelta(days=1), time.min))
        soon |= Q(competent__calendar=calendar.pk, lapses_at__lte=until)
    return soon


def _drop_needless(soon: Q, now: datetime) -> None:
    """The task's own drafts of dossiers that have ended, stand still, or are due later by now."""
    still = Dossier.objects.filter(soon, status__in=OPEN, pk=OuterRef("dossier"))
    needless: QuerySet[Apology] = Apology.objects.filter(
        ~Exists(still), signed_at=None, dropped_at=None, drafted_by=None
    )
    needless.update(dropped_at=now)


def _expected_at(dossier: Dossier) -> datetime | None:
    mark: RiskMark | None = getattr(dossier, "risk", None)
    return mark.expected_at if mark else None

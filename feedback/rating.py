"""After a result was handed over at the counter, the citizen is asked once (mời đánh giá)."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from agencies.models import Agency
from dossiers.models import Delivery, Handover
from feedback.errors import NothingToRate, ScoreInvalid
from feedback.models import Rating
from motcua.text import clean

# The tablet asks for two minutes; a touch that was on its way then still counts.
ASKED_FOR = timedelta(minutes=2)
TAKEN_FOR = timedelta(minutes=3)
# Why it was not good may be told a little later.
EXPLAINED_FOR = timedelta(minutes=5)


def waiting(counter: Agency, now: datetime, within: timedelta = ASKED_FOR) -> QuerySet[Handover]:
    """Handed over here a moment ago and not rated; the first one first."""
    here = Q(dossier__held_by=counter) | Q(dossier__lodged_at=counter)
    return (
        Handover.objects.filter(
            here,
            at__gt=now - within,
            at__lte=now,
            method=Delivery.COUNTER,
            taken_back_at__isnull=True,
            dossier__rating__isnull=True,
        )
        .select_related("dossier__version")
        .order_by("at", "pk")
    )


def rate(handover_id: int, *, counter: Agency, score: int, now: datetime) -> Rating:
    """Once for a dossier; a second touch is refused, also from another tablet at once."""
    if score not in Rating.Score.values:
        raise ScoreInvalid
    found = waiting(counter, now, TAKEN_FOR).filter(pk=handover_id).first()
    if found is None:
        raise NothingToRate
    try:
        with transaction.atomic():
            return Rating.objects.create(
                dossier=found.dossier,
                agency=counter,
                score=score,
                at=now,
                channel=Rating.Channel.TABLET,
            )
    except IntegrityError as error:
        raise NothingToRate from error


def explain(rating_id: int, *, counter: Agency, reason: str, now: datetime) -> None:
    """Why the score is low, if the citizen wants to say it."""
    Rating.objects.filter(
        pk=rating_id,
        agency=counter,
        score__lt=Rating.Score.SATISFIED,
        reason="",
        at__gt=now - EXPLAINED_FOR,
    ).update(reason=clean(reason)[:500])

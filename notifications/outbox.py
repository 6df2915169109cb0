"""Queue messages and send them (tin gửi đi): a row first, a Celery message is only a nudge.

At least once, and never twice by ourselves:
- a worker claims a few rows (SKIP LOCKED, committed) before it talks to a gateway, and hands the
  gateway the message's key;
- certainly not sent: tried again, later and later, until `ATTEMPTS`, then dead;
- nobody knows whether it was sent (a time-out, a worker that died): tried again where the
  gateway knows a repeated key, else `uncertain` and left to a person.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from motcua.secrets import Unreadable, encrypt
from notifications import gateways, wording
from notifications.gateways import Gateway, Refused, TryLater
from notifications.models import Message, State

logger = logging.getLogger(__name__)

BATCH = 50
# Longer than a gateway's own time-out: who has been sending for this long is dead.
LEASE = timedelta(minutes=5)
# One task ends before its time limit; the next nudge goes on.
RUN = timedelta(minutes=5)
# Before each further attempt; the last one repeats. A gateway may be away for half a day.
PAUSES = (1, 2, 5, 15, 30, 60, 120, 240)
ATTEMPTS = 10
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Wanted:
    """A message to be; the recipient as text, or encrypted already."""

    key: str
    event: str
    channel: str
    recipient: str | bytes | memoryview
    context: Mapping[str, Any]
    about: UUID | None = None


def queue(
    *,
    key: str,
    template: str,
    channel: str,
    recipient: str,
    context: Mapping[str, Any],
    about: UUID | None,
    now: datetime,
) -> None:
    """One message; the same key again changes nothing. One statement."""
    queue_many([Wanted(key, template, channel, recipient, context, about)], now=now)


def queue_many(wanted: Sequence[Wanted], *, now: datetime) -> None:
    """In the transaction of what they tell of; one statement, none for nobody."""
    if wanted:
        Message.objects.bulk_create([_row(one, now) for one in wanted], ignore_conflicts=True)


def drain(clock: Clock, *, batch: int = BATCH) -> int:
    """Send what is due, for `RUN` at most; returns how many were tried."""
    tried, until = 0, clock() + RUN
    while clock() < until and (claimed := _claim(clock(), batch)):
        bodies = wording.of(claimed)
        for place, message in enumerate(claimed):
            if clock() > _known(message.claimed_at) + LEASE / 2:
                # A slow gateway: the rest goes back before somebody takes us for dead.
                _give_back(claimed[place:])
                break
            _send(message, bodies.get((message.event, message.channel)), clock)
            tried += 1
    return tried


def sweep(now: datetime) -> int:
    """What a worker that died was sending: again by its key, or uncertain; how many."""
    left = Message.objects.filter(state=State.SENDING, claimed_at__lt=now - LEASE)
    again = [channel for channel in gateways.channels() if gateways.of(channel).honours_keys]
    freed = left.filter(channel__in=again).update(
        state=State.FAILED, claimed_at=None, next_attempt_at=now, problem="worker_lost"
    )
    lost = left.exclude(channel__in=again).update(
        state=State.UNCERTAIN, claimed_at=None, problem="worker_lost"
    )
    return freed + lost


def resend(message: Message, *, now: datetime) -> bool:
    """A person decides that a dead or uncertain one goes out again; False when it is neither."""
    stranded = Message.objects.filter(pk=message.pk, state__in=[State.DEAD, State.UNCERTAIN])
    values = {"state": State.PENDING, "attempts": 0, "next_attempt_at": now, "problem": ""}
    return bool(stranded.update(**values))


def _row(one: Wanted, now: datetime) -> Message:
    recipient = one.recipient
    return Message(
        key=one.key,
        event=one.event,
        channel=one.channel,
        recipient=encrypt(recipient) if isinstance(recipient, str) else bytes(recipient),
        context=dict(one.context),
        about=one.about,
        created_at=now,
        next_attempt_at=now,
    )


def _claim(now: datetime, batch: int) -> list[Message]:
    """Committed before anything is sent: whoever comes later sees them taken."""
    with transaction.atomic():
        waiting = Message.objects.filter(
            state__in=[State.PENDING, State.FAILED], next_attempt_at__lte=now
        ).order_by("next_attempt_at", "pk")
        claimed = list(waiting.select_for_update(skip_locked=True)[:batch])
        Message.objects.filter(pk__in=[one.pk for one in claimed]).update(
            state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1
        )
    for one in claimed:
        one.attempts += 1
        one.claimed_at = now
    return claimed


def _give_back(messages: Sequence[Message]) -> None:
    mine = Message.objects.filter(
        pk__in=[one.pk for one in messages],
        state=State.SENDING,
        claimed_at=messages[0].claimed_at,
    )
    mine.update(state=State.FAILED, claimed_at=None, attempts=F("attempts") - 1)


def _known(moment: datetime | None) -> datetime:
    assert moment is not None  # claimed
    return moment


def _send(message: Message, body: wording.Body | None, clock: Clock) -> None:
    """Through the gateway of its channel; its own claim must still hold to write the outcome."""
    gateway = gateways.of(message.channel)
    try:
        reference = gateway.send(wording.outgoing(message, body))
    except Refused as error:
        _write(message, state=State.DEAD, problem=error.code)
    except TryLater as error:
        _try_later(message, error.code, clock())
    except (Unreadable, wording.WordsMissing) as error:
        _write(message, state=State.DEAD, problem=type(error).__name__.lower())
    except Exception as error:  # whatever a gateway does, no message is lost by it
        _unknown(message, gateway, type(error).__name__, clock())
    else:
        _write(message, state=State.SENT, sent_at=clock(), reference=reference[:100], problem="")


def _unknown(message: Message, gateway: Gateway, problem: str, now: datetime) -> None:
    logger.warning("message outcome unknown id=%s problem=%s", message.pk, problem)
    if gateway.honours_keys:
        _try_later(message, problem, now)
    else:
        _write(message, state=State.UNCERTAIN, problem=problem[:60])


def _try_later(message: Message, problem: str, now: datetime) -> None:
    if message.attempts >= ATTEMPTS:
        logger.error("message given up id=%s problem=%s", message.pk, problem)
        _write(message, state=State.DEAD, problem=problem[:60])
        return
    pause = PAUSES[min(message.attempts, len(PAUSES)) - 1]
    next_at = now + timedelta(minutes=pause)
    _write(message, state=State.FAILED, problem=problem[:60], next_attempt_at=next_at)


def _write(message: Message, **values: Any) -> None:
    mine = Message.objects.filter(pk=message.pk, state=State.SENDING, claimed_at=message.claimed_at)
    if not mine.update(claimed_at=None, **values):
        logger.warning("message taken over id=%s", message.pk)


def about(public_ids: Iterable[UUID]) -> "list[Message]":
    """What was told about these, the last first."""
    return list(Message.objects.filter(about__in=list(public_ids)).order_by("-pk"))

"""The outbox: queued once, sent once, whatever the gateway does."""

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from motcua.secrets import decrypt
from notifications import outbox
from notifications.gateways import Refused, TryLater
from notifications.models import Channel, Message, MessageTemplate, State
from notifications.outbox import Wanted
from notifications.wording import Outgoing
from tests import make

pytestmark = pytest.mark.django_db
PHONE = "0905123456"
CONTEXT = {
    "code": "H48-1",
    "procedure": "Đăng ký khai sinh",
    "agency": "Xã Trà Bồng",
    "due": "17:00 10/06/2024",
    "link": "http://một-cửa",
}


class Fake:
    """A gateway that counts what it delivers by key and does as it is told."""

    honours_keys = True
    does: list[Any] = []
    delivered: dict[str, Outgoing] = {}
    calls = 0

    def send(self, outgoing: Outgoing) -> str:
        Fake.calls += 1
        what = self.does.pop(0) if self.does else None
        if isinstance(what, Lost):
            self.delivered[outgoing.key] = outgoing
            raise TimeoutError(PHONE)
        if isinstance(what, Exception):
            raise what
        self.delivered[outgoing.key] = outgoing
        return f"ref-{outgoing.key}"


class Lost(Exception):
    """Delivered, but the answer never came."""


class Keyless(Fake):
    honours_keys = False


@pytest.fixture
def gateway(settings: Any) -> type[Fake]:
    Fake.does, Fake.delivered, Fake.calls = [], {}, 0
    through(settings, "Fake")
    return Fake


def through(settings: Any, name: str) -> None:
    settings.MESSAGE_GATEWAYS = {"sms": f"{__name__}.{name}", "email": f"{__name__}.{name}"}


class Clock:
    def __init__(self, now: datetime = make.NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> "Clock":
        self.now += timedelta(**span)
        return self


def queued(key: str = "accept:1", channel: str = "sms", **given: Any) -> Message:
    values = {"template": "accepted", "recipient": PHONE, "context": CONTEXT, "about": None}
    outbox.queue(key=key, channel=channel, now=make.NOW, **{**values, **given})
    return Message.objects.get(key=key)


def test_a_message_goes_out_with_its_words(gateway: type[Fake]) -> None:
    message = queued()
    assert outbox.drain(Clock()) == 1
    sent = gateway.delivered[str(message.public_id)]
    assert sent.recipient == PHONE
    assert sent.body.startswith("Xã Trà Bồng: đã tiếp nhận hồ sơ H48-1 (Đăng ký khai sinh).")
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == (State.SENT, make.NOW, 1)
    assert message.reference == f"ref-{message.public_id}"
    assert outbox.drain(Clock()) == 0


def test_the_same_key_is_queued_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = queued()
    with django_assert_num_queries(1):
        outbox.queue(
            key=first.key,
            template="ready",
            channel="sms",
            recipient="0",
            context={},
            about=None,
            now=make.NOW,
        )
    assert Message.objects.get().event == "accepted"
    with django_assert_num_queries(0):
        outbox.queue_many([], now=make.NOW)


def test_the_recipient_is_kept_encrypted_and_a_cipher_is_taken_as_it_is() -> None:
    message = queued()
    assert PHONE.encode() not in bytes(message.recipient)
    cipher = bytes(message.recipient)
    outbox.queue_many([Wanted("again", "accepted", "sms", cipher, CONTEXT)], now=make.NOW)
    assert decrypt(Message.objects.get(key="again").recipient) == PHONE


def test_a_gateway_that_is_away_for_an_hour_gets_everything_afterwards(
    gateway: type[Fake],
) -> None:
    for number in range(3):
        queued(f"m{number}")
    clock = Clock()
    for _ in range(60):
        gateway.does = [TryLater("away")] * 3
        outbox.drain(clock)
        clock.later(minutes=1)
    assert Message.objects.filter(state=State.FAILED, problem="away").count() == 3
    gateway.does = []
    outbox.drain(clock.later(hours=1))
    assert Message.objects.filter(state=State.SENT).count() == len(gateway.delivered) == 3


def test_after_too_many_attempts_a_message_is_dead_until_a_person_sends_it_again(
    gateway: type[Fake],
) -> None:
    message, clock = queued(), Clock()
    gateway.does = [TryLater("away")] * 50
    for _ in range(20):
        outbox.drain(clock.later(hours=5))
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.DEAD, outbox.ATTEMPTS)
    gateway.does = []
    assert outbox.resend(message, now=clock())
    assert not outbox.resend(message, now=clock())
    outbox.drain(clock)
    assert Message.objects.get().state == State.SENT


def test_each_attempt_waits_longer_than_the_one_before() -> None:
    assert list(outbox.PAUSES) == sorted(set(outbox.PAUSES))
    assert sum(outbox.PAUSES) > 6 * 60


def test_what_a_gateway_refuses_for_good_is_not_tried_again(gateway: type[Fake]) -> None:
    gateway.does = [Refused("no_such_number")]
    queued()
    clock = Clock()
    outbox.drain(clock)
    assert outbox.drain(clock.later(days=2)) == 0
    assert Message.objects.values_list("state", "problem").get() == ("dead", "no_such_number")


def test_an_answer_that_was_lost_doubles_nothing_where_keys_are_known(
    gateway: type[Fake],
) -> None:
    gateway.does = [Lost()]
    queued()
    clock = Clock()
    outbox.drain(clock)
    assert Message.objects.get().state == State.FAILED
    outbox.drain(clock.later(hours=1))
    assert (gateway.calls, len(gateway.delivered)) == (2, 1)
    assert Message.objects.get().state == State.SENT


def test_without_keys_an_unknown_outcome_is_uncertain_and_left_alone(
    gateway: type[Fake], settings: Any
) -> None:
    through(settings, "Keyless")
    gateway.does = [Lost()]
    message = queued()
    clock = Clock()
    outbox.drain(clock)
    assert outbox.drain(clock.later(days=1)) == 0
    message.refresh_from_db()
    assert (message.state, message.problem) == (State.UNCERTAIN, "TimeoutError")
    assert gateway.calls == 1
    assert outbox.resend(message, now=clock())


def test_one_bad_message_keeps_no_other_waiting(gateway: type[Fake]) -> None:
    gateway.does = [RuntimeError("bug"), Refused("x")]
    for number in range(4):
        queued(f"m{number}")
    outbox.drain(Clock())
    states = Message.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["failed", "dead", "sent", "sent"]


def test_a_slow_gateway_gives_the_rest_back_in_time(gateway: type[Fake]) -> None:
    clock = Clock()
    for number in range(4):
        queued(f"m{number}")
    claimed = outbox._claim(clock(), 50)
    assert len(claimed) == 4
    outbox._give_back(claimed[1:])
    assert Message.objects.filter(state=State.SENDING).count() == 1
    waiting = Message.objects.filter(state=State.FAILED)
    assert set(waiting.values_list("attempts", "claimed_at")) == {(0, None)}


@pytest.mark.parametrize(("name", "state"), [("Fake", "failed"), ("Keyless", "uncertain")])
def test_what_a_dead_worker_was_sending(
    gateway: type[Fake], settings: Any, name: str, state: str
) -> None:
    through(settings, name)
    queued()
    clock = Clock()
    outbox._claim(clock(), 10)  # and here the worker dies
    assert outbox.sweep(clock.later(minutes=4)()) == 0
    assert outbox.sweep(clock.later(minutes=2)()) == 1
    assert Message.objects.get().state == state


def test_who_was_taken_for_dead_does_not_write_over_its_heir(gateway: type[Fake]) -> None:
    queued()
    clock = Clock()
    (stale,) = outbox._claim(clock(), 10)
    outbox.sweep(clock.later(minutes=6)())
    (heir,) = outbox._claim(clock(), 10)
    outbox._write(stale, state=State.DEAD)
    assert Message.objects.get().state == State.SENDING
    outbox._write(heir, state=State.SENT, sent_at=clock())
    assert Message.objects.get().state == State.SENT


def test_a_template_that_is_off_or_names_too_much_sends_nothing(gateway: type[Fake]) -> None:
    MessageTemplate.objects.filter(event="accepted", channel="sms").update(is_active=False)
    MessageTemplate.objects.filter(event="ready", channel="sms").update(body="{secret}")
    queued("a")
    queued("b", template="ready")
    outbox.drain(Clock())
    assert set(Message.objects.values_list("state", flat=True)) == {"dead"}
    assert gateway.calls == 0


def test_the_log_says_nothing_of_the_recipient(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    path = "notifications.gateways.console.Console"
    settings.MESSAGE_GATEWAYS = {"sms": path, "email": path}
    message = queued()
    with caplog.at_level(logging.INFO):
        outbox.drain(Clock())
    assert str(message.public_id) in caplog.text
    assert PHONE not in caplog.text
    assert "H48-1" not in caplog.text


def test_statements_to_send_grow_by_one_for_each_message(
    gateway: type[Fake], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        queued(f"m{number}")
    # claim: savepoint, select, update, release; templates; one outcome each; the empty claim.
    with django_assert_num_queries(4 + 1 + 20 + 3):
        outbox.drain(Clock())


def test_mail_goes_out_through_djangos_own(settings: Any) -> None:
    settings.MESSAGE_GATEWAYS = {"email": "notifications.gateways.smtp.Smtp"}
    message = queued(channel="email", recipient="en@example.vn")
    outbox.drain(Clock())
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["en@example.vn"], "Đã tiếp nhận hồ sơ H48-1")
    assert str(message.public_id) in sent.extra_headers["Message-ID"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no")}), "dead"),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"busy")}), "failed"),
        (smtplib.SMTPDataError(451, b"later"), "failed"),
        (smtplib.SMTPServerDisconnected("gone"), "uncertain"),
        (TimeoutError("slow"), "uncertain"),
    ],
)
def test_what_a_mail_server_says_is_believed_and_silence_is_not(
    settings: Any, monkeypatch: pytest.MonkeyPatch, answer: Exception, state: str
) -> None:
    settings.MESSAGE_GATEWAYS = {"email": "notifications.gateways.smtp.Smtp"}

    def refuse(*_: Any, **__: Any) -> int:
        raise answer

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    queued(channel="email", recipient="en@example.vn")
    outbox.drain(Clock())
    assert Message.objects.get().state == state


def test_a_mail_server_that_is_away_is_tried_later(settings: Any) -> None:
    settings.MESSAGE_GATEWAYS = {"email": "notifications.gateways.smtp.Smtp"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    queued(channel="email", recipient="en@example.vn")
    outbox.drain(Clock())
    assert Message.objects.values_list("state", "problem").get() == (
        "failed",
        "ConnectionRefusedError",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"state": "sent"},
        {"sent_at": make.NOW},
        {"state": "sending"},
        {"state": "lost"},
        {"channel": "pigeon"},
    ],
)
def test_rows_that_cannot_be(change: dict[str, Any]) -> None:
    queued()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(**change)


def test_what_was_told_about_something_is_found() -> None:
    public_id = uuid4()
    queued("a", about=public_id)
    queued("b", about=uuid4())
    assert [one.key for one in outbox.about([public_id])] == ["a"]
    assert Channel(outbox.about([public_id])[0].channel) == Channel.SMS

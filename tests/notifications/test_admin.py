"""The words of messages in the administration; stranded messages; new keys."""

import base64
from typing import Any

import pytest
from django.test import Client

from agencies.models import Kind, Level, Role, User
from motcua.secrets import decrypt, key_id_of
from notifications import key_rotation, outbox
from notifications.models import Message, MessageTemplate, State
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    province = make.agency(level=Level.PROVINCE, kind=Kind.COMMITTEE)
    user = make.staff(province, Role.ADMINISTRATOR)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client = Client()
    client.force_login(user)
    return client


def typed(template: MessageTemplate, body: str) -> dict[str, Any]:
    return {
        "event": template.event,
        "channel": template.channel,
        "subject": template.subject,
        "body": body,
        "is_active": "on",
    }


def test_an_administrator_rewrites_a_message(administrator: Client) -> None:
    template = MessageTemplate.objects.get(event="ready", channel="sms")
    address = f"/admin/notifications/messagetemplate/{template.pk}/change/"
    assert "H48.51-261123-0007 đã có kết quả" in administrator.get(address).content.decode()
    assert administrator.post(address, typed(template, "Mời nhận {code}.")).status_code == 302
    template.refresh_from_db()
    assert template.body == "Mời nhận {code}."


@pytest.mark.parametrize(
    ("body", "words"), [("{name}", "Chỉ dùng được"), ("x" * 202, "ba đoạn"), ("{", "Chỉ dùng")]
)
def test_words_that_cannot_be_sent_are_refused(
    administrator: Client, body: str, words: str
) -> None:
    template = MessageTemplate.objects.get(event="ready", channel="sms")
    address = f"/admin/notifications/messagetemplate/{template.pk}/change/"
    assert words in administrator.post(address, typed(template, body)).content.decode()


def message() -> Message:
    outbox.queue(
        key="k",
        template="ready",
        channel="sms",
        recipient="0905123456",
        context={"code": "H48-1"},
        about=None,
        now=make.NOW,
    )
    return Message.objects.get()


def test_a_stranded_message_is_sent_again_and_nobody_is_shown(administrator: Client) -> None:
    Message.objects.filter(pk=message().pk).update(state=State.DEAD)
    address = "/admin/notifications/message/"
    assert b"0905" not in administrator.get(address).content
    chosen = {"action": "send_again", "_selected_action": [Message.objects.get().pk]}
    assert administrator.post(address, chosen).status_code == 302
    assert Message.objects.get().state == State.PENDING
    assert administrator.get(f"{address}add/").status_code == 403


def test_recipients_are_encrypted_anew(settings: Any) -> None:
    keys = [f"{name}:{base64.b64encode(name.encode() * 32).decode()}" for name in "ab"]
    settings.FIELD_KEYS = keys
    message()
    settings.FIELD_KEYS = keys[::-1]
    assert [key_rotation.rotate(), key_rotation.rotate()] == [1, 0]
    recipient = Message.objects.get().recipient
    assert (key_id_of(recipient), decrypt(recipient)) == ("b", "0905123456")

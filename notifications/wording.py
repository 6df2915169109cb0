"""The words of a message: the template of its event and channel, filled in when it is sent."""

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from motcua.secrets import decrypt
from notifications.models import Channel, Message, MessageTemplate

# Three segments of an SMS in Unicode (67 characters each).
SMS_LENGTH = 3 * 67
# What a template may name; the context of every message has these.
FIELDS = {
    "code": "H48.51-261123-0007",
    "procedure": "Đăng ký khai sinh",
    "agency": "Ủy ban nhân dân xã Trà Bồng",
    "due": "17:00 27/11/2026",
    "promised": "17:00 02/12/2026",
    "reason": "quá tải hồ sơ",
    "link": "https://motcua.example.vn",
    "count": "3",
    "lines": "- H48.51-261123-0007: Đăng ký khai sinh, hẹn trả 27/11/2026",
}
# A message stays short whatever the name of the procedure.
_SHORT = {"procedure": 40, "agency": 30, "reason": 40}


class WordsMissing(Exception):
    """The template names what the message does not have."""


@dataclass(frozen=True)
class Body:
    subject: str
    body: str


@dataclass(frozen=True)
class Outgoing:
    """What a gateway is given: for whom, what, and the key by which it knows a repeat."""

    key: str
    channel: str
    recipient: str
    subject: str
    body: str


def of(messages: Iterable[Message]) -> Mapping[tuple[str, str], Body]:
    """The templates in use of these messages; one statement."""
    events = {message.event for message in messages}
    rows = MessageTemplate.objects.filter(event__in=events, is_active=True)
    return {(row.event, row.channel): Body(row.subject, row.body) for row in rows}


def outgoing(message: Message, template: Body | None) -> Outgoing:
    if template is None:
        raise WordsMissing("template")
    short = message.channel == Channel.SMS
    return Outgoing(
        key=str(message.public_id),
        channel=message.channel,
        recipient=decrypt(message.recipient),
        subject=fill(template.subject, message.context, short=short),
        body=fill(template.body, message.context, short=short),
    )


def fill(text: str, context: Mapping[str, Any], *, short: bool = False) -> str:
    """`{code}` becomes the context's code; nothing else is understood in braces."""
    parts = []
    for words, name in _parsed(text):
        parts.append(words)
        if name is not None:
            if name not in context:
                raise WordsMissing(name)
            parts.append(_cut(str(context[name]), _SHORT.get(name, 0) if short else 0))
    filled = "".join(parts)
    return filled[:SMS_LENGTH] if short else filled


def unknown_fields(text: str) -> set[str]:
    """What the template names and no message has; a brace gone wrong is `{`."""
    try:
        return {name for _, name in _parsed(text) if name is not None and name not in FIELDS}
    except WordsMissing:
        return {"{"}


def _parsed(text: str) -> list[tuple[str, str | None]]:
    """Words and the name that follows them; only whole names, no attributes, no formats."""
    try:
        found = list(string.Formatter().parse(text))
    except ValueError as error:
        raise WordsMissing("{") from error
    if any(spec or conversion for _, _, spec, conversion in found):
        raise WordsMissing("{")
    return [(words, name) for words, name, _, _ in found]


def _cut(text: str, length: int) -> str:
    return text if not length or len(text) <= length else text[: length - 1].rstrip() + "…"

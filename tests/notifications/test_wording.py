"""The words of messages: short enough, filled in, and nothing but names in braces."""

import pytest

from notifications import wording
from notifications.models import Channel, Event, MessageTemplate
from notifications.wording import FIELDS, SMS_LENGTH, WordsMissing

LONG = {
    "code": "000.00.17.H48.51.22-20261123-0012345",
    "procedure": "Thủ tục cấp giấy phép môi trường " * 10,
    "agency": "Bộ phận Tiếp nhận và Trả kết quả Ủy ban nhân dân phường Trương Quang Trọng",
    "link": "https://motcua.quangngai.gov.vn",
}


@pytest.mark.django_db
def test_every_event_has_words_that_fit_three_segments() -> None:
    rows = {(row.event, row.channel): row for row in MessageTemplate.objects.all()}
    assert {event for event, channel in rows if channel == Channel.EMAIL} == set(Event)
    by_sms = {event for event, channel in rows if channel == Channel.SMS}
    assert by_sms == set(Event) - {Event.DUE_SOON}
    for row in rows.values():
        assert not wording.unknown_fields(row.subject + row.body)
        if row.channel == Channel.SMS:
            filled = wording.fill(row.body, FIELDS | LONG, short=True)
            assert len(filled) < SMS_LENGTH, f"{row.event}: {len(filled)}"
            assert filled.endswith(LONG["link"])


@pytest.mark.parametrize(
    "text", ["{code.__class__}", "{code!r}", "{code:>99}", "{nobody}", "{", "{0}", "{}"]
)
def test_only_whole_names_are_filled_in(text: str) -> None:
    assert wording.unknown_fields(text)
    with pytest.raises(WordsMissing):
        wording.fill(text, {"code": "x"})


def test_what_is_filled_in_is_never_read_again() -> None:
    assert wording.fill("{code}", {"code": "{agency}", "agency": "y"}) == "{agency}"

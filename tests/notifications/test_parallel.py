"""Several workers on one outbox: each message goes out once."""

from typing import Any

import pytest
from django.utils import timezone

from notifications import outbox
from notifications.models import Message, State
from notifications.outbox import Wanted
from notifications.wording import Outgoing
from tests import make
from tests.dossiers.test_parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
SENT: list[str] = []


class Counting:
    honours_keys = False

    def send(self, outgoing: Outgoing) -> str:
        SENT.append(outgoing.key)
        return ""


@pytest.fixture(autouse=True)
def _gateway(settings: Any) -> None:
    SENT.clear()
    settings.MESSAGE_GATEWAYS = {"email": f"{__name__}.Counting"}


def test_four_workers_send_a_hundred_messages_once_each() -> None:
    context = {"count": 1, "lines": "-", "link": "-"}
    wanted = [Wanted(f"m{n}", "due_soon", "email", "a@b.vn", context) for n in range(100)]
    outbox.queue_many(wanted, now=make.NOW)
    at_once([lambda: outbox.drain(timezone.now, batch=7)] * 4, workers=4)
    assert len(SENT) == len(set(SENT)) == 100
    assert Message.objects.filter(state=State.SENT, attempts=1).count() == 100


def test_the_same_message_queued_at_once_is_one_row() -> None:
    one = Wanted("m", "due_soon", "email", "a@b.vn", {})
    at_once([lambda: outbox.queue_many([one], now=make.NOW)] * 8, workers=8)
    assert Message.objects.count() == 1

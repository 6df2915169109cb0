"""The ways out: one gateway for each channel, chosen in the settings by its dotted path."""

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from notifications.wording import Outgoing


class TryLater(Exception):
    """Certainly not sent, and it may go another time."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:60]


class Refused(Exception):
    """Certainly not sent, and it never will be: a number that does not exist, a wrong address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:60]


class Gateway(Protocol):
    """`send` returns the gateway's reference, or raises TryLater or Refused; anything else it
    raises means that nobody knows. `honours_keys`: the same key twice is delivered once."""

    honours_keys: bool

    def send(self, outgoing: "Outgoing") -> str: ...


def of(channel: str) -> Gateway:
    return _made(settings.MESSAGE_GATEWAYS[channel])


def channels() -> list[str]:
    return list(settings.MESSAGE_GATEWAYS)


@lru_cache(maxsize=8)
def _made(path: str) -> Gateway:
    gateway: Gateway = import_string(path)()
    return gateway

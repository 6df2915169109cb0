"""No gateway at all: says in the log that a message would have gone out."""

import logging

from notifications.wording import Outgoing

logger = logging.getLogger(__name__)


class Console:
    """The default: nothing leaves the house, and no personal data stands in the log."""

    honours_keys = True

    def send(self, outgoing: Outgoing) -> str:
        logger.info("message key=%s channel=%s", outgoing.key, outgoing.channel)
        return "console"

"""E-mail through Django's own (EMAIL_HOST and its fellows)."""

import smtplib

from django.core.mail import EmailMessage, get_connection

from notifications.gateways import Refused, TryLater
from notifications.wording import Outgoing


class Smtp:
    """SMTP knows no keys: an outcome that is unknown stays uncertain."""

    honours_keys = False

    def send(self, outgoing: Outgoing) -> str:
        connection = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(type(error).__name__) from error
        headers = {"Message-ID": f"<{outgoing.key}@motcua>", "Auto-Submitted": "auto-generated"}
        mail = EmailMessage(
            " ".join(outgoing.subject.split()),
            outgoing.body,
            to=[outgoing.recipient],
            headers=headers,
            connection=connection,
        )
        try:
            _deliver(mail)
        finally:
            connection.close()
        return ""


def _deliver(mail: EmailMessage) -> None:
    """What the server answered in so many words is known; a broken line is not."""
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise _refusal(max(codes, default=550)) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code) from error


def _refusal(code: int) -> Exception:
    return Refused(f"smtp_{code}") if code >= 500 else TryLater(f"smtp_{code}")

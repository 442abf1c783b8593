"""E-mail: plain messages to colleagues, with a Message-ID that repeats share."""

import hashlib
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is sent. Subject and body come from fixed templates and identify nobody."""

    to: str
    subject: str
    body: str
    key: str
    """The cause; a repeat carries the same key and so the same Message-ID."""


def message_id(key: str) -> str:
    """The RFC 5322 Message-ID of a cause: stable, and telling nothing about it."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{settings.MESSAGE_ID_DOMAIN}>"


def is_away(error: Exception) -> bool:
    """Whether it is the mail server that fails, and not this one letter."""
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPHeloError):
        return True
    if isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError):
        return True
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)


@contextmanager
def session() -> Iterator[Callable[[Letter], None]]:
    """A sender that keeps one connection over a batch and opens a fresh one after a failure.

    The sender raises OSError or smtplib.SMTPException; nothing connects until the first letter.
    """
    connection = get_connection()

    def send(letter: Letter) -> None:
        message = EmailMessage(
            subject=letter.subject,
            body=letter.body,
            to=[letter.to],
            headers={"Message-ID": message_id(letter.key), "Auto-Submitted": "auto-generated"},
            connection=connection,
        )
        try:
            connection.open()
            message.send(fail_silently=False)
        except Exception:
            connection.close()
            raise

    try:
        yield send
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.close()

"""A real SMTP server inside the test process, which can be told to refuse."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from config.processes import free_port

logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass(slots=True)
class MailServer:
    """What came in, and whom it refuses."""

    messages: list[bytes] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    breaks_at: str = ""
    """A Message-ID at which the line goes dead."""

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient, or not."""
        if address in self.refused:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a message."""
        content = envelope.content or b""
        plain = content if isinstance(content, bytes) else content.encode()
        if self.breaks_at and self.breaks_at.encode() in plain and server.transport:
            server.transport.close()
        else:
            self.messages.append(plain)
        return "250 Kept"


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """Listens on a port of its own; the application sends to it."""
    server = MailServer()
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield server
    controller.stop()

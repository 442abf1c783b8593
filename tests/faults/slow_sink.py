"""A mail server that takes its time before and after keeping a message: kills hit it at work.

A file beside its folder, read anew for each message, tells it to misbehave (see `Switches`).
"""

import asyncio
import sys
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace

from aiosmtpd.smtp import SMTP, Envelope, Session

from config.mail_sink import MailFolder
from config.processes import LOOPBACK
from tests.faults.switches import Switches


class SlowFolder(MailFolder):
    """Keeps each message, slowly, or not at all."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.dropped: set[str] = set()

    @property
    def switches(self) -> Switches:
        """How it behaves at this moment."""
        return Switches.read(self.folder)

    async def recipient(
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient, or answer as the switches say."""
        code = self.switches.refuse.get(address)
        if code is not None:
            return f"{code} {'4.2.1 Try again' if code < 500 else '5.1.1 No such mailbox'}"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Go on"

    async def receive(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take one message; between keeping it and saying so there is time to die."""
        switches = self.switches
        await asyncio.sleep(switches.before_seconds)
        if switches.busy:
            return "451 4.3.2 Come back later"
        answer = await super().receive(server, session, envelope)
        if self._is_to_be_dropped(switches, envelope):
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return answer
        await asyncio.sleep(switches.after_seconds)
        return answer

    def _is_to_be_dropped(self, switches: Switches, envelope: Envelope) -> bool:
        """Accepted, kept, and the line cut before the answer: once for each key."""
        content = envelope.content or b""
        key = message_from_bytes(content)["Message-ID"] if isinstance(content, bytes) else None
        name = str(key)
        if len(self.dropped) >= switches.drop or name in self.dropped:
            return False
        self.dropped.add(name)
        return True


async def serve(folder: Path, port: int) -> None:
    """Listen until killed."""
    folder.mkdir(parents=True, exist_ok=True)
    mail = SlowFolder(folder)
    handler = SimpleNamespace(handle_DATA=mail.receive, handle_RCPT=mail.recipient)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", loop=loop), host=LOOPBACK, port=port
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))

"""A mail server that takes its time before and after keeping a message: kills hit it at work."""

import asyncio
import sys
from pathlib import Path
from types import SimpleNamespace

from aiosmtpd.smtp import SMTP, Envelope, Session

from config.mail_sink import MailFolder
from config.processes import LOOPBACK

_BEFORE_SECONDS = 0.04
_AFTER_SECONDS = 0.02


class SlowFolder(MailFolder):
    """Keeps each message, slowly."""

    async def receive(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take one message; between keeping it and saying so there is time to die."""
        await asyncio.sleep(_BEFORE_SECONDS)
        answer = await super().receive(server, session, envelope)
        await asyncio.sleep(_AFTER_SECONDS)
        return answer


async def serve(folder: Path, port: int) -> None:
    """Listen until killed."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = SimpleNamespace(handle_DATA=SlowFolder(folder).receive)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", loop=loop), host=LOOPBACK, port=port
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))

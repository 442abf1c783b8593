"""A real SMTP server for the demo and the tests: every message becomes a file, none goes out."""

import argparse
import asyncio
import os
import signal
import sys
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from aiosmtpd.smtp import SMTP, Envelope, Session

_SIZE_LIMIT_BYTES = 10_000_000


class MailFolder:
    """Keeps each message as one .eml file that appears whole, its name telling when it came."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def receive(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Take one message; the sender is told to come again when it cannot be kept."""
        content = envelope.content or b""
        try:
            self.keep(content if isinstance(content, bytes) else content.encode("utf-8"))
        except OSError:
            return "451 4.3.0 The message could not be kept; try again later"
        return "250 2.0.0 Kept"

    def keep(self, content: bytes) -> Path:
        """Write one message down; gives its file. Raises OSError when that fails."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{uuid.uuid4().hex[:8]}.eml"
        path = self.folder / name
        unfinished = self.folder / f".{name}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        unfinished.rename(path)
        return path


async def serve(folder: Path, host: str, port: int) -> None:
    """Listen until told to stop; raises OSError when the port is taken."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: SMTP(
            SimpleNamespace(handle_DATA=MailFolder(folder).receive),
            hostname="localhost",
            data_size_limit=_SIZE_LIMIT_BYTES,
            enable_SMTPUTF8=True,
            loop=loop,
        ),
        host=host,
        port=port,
    )
    async with server:
        await stop.wait()


def main(arguments: Sequence[str]) -> int:
    """Serve the folder on that address; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m config.mail_sink", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args(arguments)
    options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    asyncio.run(serve(options.folder, options.host, options.port))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

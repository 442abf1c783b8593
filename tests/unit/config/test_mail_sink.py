"""Every message that is handed over becomes one whole file."""

import asyncio
import os
import signal
import smtplib
from pathlib import Path

import pytest

from config.mail_sink import MailFolder, serve
from config.processes import LOOPBACK, free_port


def send(port: int, body: str) -> None:
    message = f"Subject: Reminder\r\nMessage-ID: <one@reminders.invalid>\r\n\r\n{body}\r\n"
    with smtplib.SMTP(LOOPBACK, port, timeout=10) as client:
        client.sendmail("from@a.invalid", ["to@b.invalid"], message)


async def serve_and_send(folder: Path, bodies: list[str]) -> None:
    port = free_port()
    serving = asyncio.create_task(serve(folder, LOOPBACK, port))
    await asyncio.sleep(0.1)
    for body in bodies:
        await asyncio.to_thread(send, port, body)
    os.kill(os.getpid(), signal.SIGTERM)
    await serving


def test_each_message_becomes_a_file_in_the_order_of_arrival(tmp_path: Path) -> None:
    asyncio.run(serve_and_send(tmp_path, ["first", "second"]))
    kept = [path.read_text() for path in sorted(tmp_path.glob("*.eml"))]
    assert ["first" in kept[0], "second" in kept[1], len(kept)] == [True, True, 2]
    assert "Message-ID: <one@reminders.invalid>" in kept[0]


def test_a_kept_message_is_closed_to_others(tmp_path: Path) -> None:
    kept = MailFolder(tmp_path).keep(b"Subject: x\r\n\r\n")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_message_that_cannot_be_kept_is_put_off(tmp_path: Path) -> None:
    async def attempt() -> None:
        port = free_port()
        serving = asyncio.create_task(serve(tmp_path / "none", LOOPBACK, port))
        await asyncio.sleep(0.1)
        with pytest.raises(smtplib.SMTPDataError, match="451"):
            await asyncio.to_thread(send, port, "lost?")
        os.kill(os.getpid(), signal.SIGTERM)
        await serving

    asyncio.run(attempt())

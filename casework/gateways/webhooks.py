"""Webhooks: one signed POST to a partner's system, within seconds, to an address that was checked.

Signed as Standard Webhooks has it. No redirect is followed. The name is resolved once, every
address it gives is judged, and the connection goes to the judged address itself, so that a name
which leads elsewhere a moment later leads nowhere.
"""

import hashlib
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from standardwebhooks import Webhook

from casework.domain.errors import CaseworkError
from casework.domain.webhook_targets import Target, may_be_called, target_of

CALL_SECONDS = min(10.0, settings.OUTBOX_LEASE_SECONDS / 3)
"""For everything: name, connection, sending, answer. Less than half of the outbox's lease."""


class AddressRefusedError(CaseworkError):
    """The name leads into a network that no webhook may reach."""

    code = "address_refused"


class BadAnswerError(OSError):
    """What came back was no HTTP answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is sent: to whom, signed with which secrets, and the cause that repeats share."""

    url: str
    key: str
    content: Mapping[str, Any]
    secrets: tuple[str, ...]
    """The newest first; each signs."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; its body is nobody's business."""

    status: int
    pause_seconds: int
    """How long it asks to be left alone; 0 where it does not ask."""

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it now."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_gone(self) -> bool:
        """Whether the receiver asks never to be called again."""
        return self.status == HTTPStatus.GONE


def call_id(key: str) -> str:
    """The `webhook-id` of a cause: stable, and telling nothing about it."""
    return f"msg_{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def check_url(url: str) -> None:
    """InvalidInputError for an address that could never be called here."""
    target_of(url, local=settings.WEBHOOKS_TO_LOOPBACK)


def post(call: Call) -> Answer:
    """Send it once. OSError or CaseworkError when no answer came, TimeoutError if not in time."""
    local = settings.WEBHOOKS_TO_LOOPBACK
    target = target_of(call.url, local=local)
    body = json.dumps(call.content, separators=(",", ":"), ensure_ascii=True)
    until = _Until(CALL_SECONDS)
    places = _checked_addresses(target, local=local)
    with _connected(places, until) as plain, _cut_off(plain, until):
        return _exchange(target, plain, body.encode(), _headers(call, target, body), until)


def _headers(call: Call, target: Target, body: str) -> dict[str, str]:
    number = call_id(call.key)
    at = call.at.astimezone(UTC)
    signatures = [
        Webhook(secret).sign(msg_id=number, timestamp=at, data=body) for secret in call.secrets
    ]
    return {
        "Host": target.authority,
        "Content-Type": "application/json",
        "User-Agent": "casework-webhooks/1",
        "Connection": "close",
        "webhook-id": number,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


class _Until:
    """A moment by which everything has to be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left. TimeoutError when there are none."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


def _checked_addresses(target: Target, *, local: bool) -> list[tuple[str, int]]:
    """What the name leads to. AddressRefusedError if a single one of them is out of bounds."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror from error
    places = [str(place[4][0]).partition("%")[0] for place in found]
    for place in places:
        if not may_be_called(ip_address(place), secure=target.is_secure, local=local):
            raise AddressRefusedError
    return [(place, target.port) for place in dict.fromkeys(places)]


@contextmanager
def _connected(places: list[tuple[str, int]], until: _Until) -> Iterator[socket.socket]:
    """A connection to the first of the addresses that answers; its handle is closed at the end."""
    problem: OSError = ConnectionError()
    for place in places:
        try:
            plain = socket.create_connection(place, timeout=until.left())
        except OSError as error:
            problem = error
            continue
        try:
            yield plain
        finally:
            plain.close()
        return
    raise problem


@contextmanager
def _cut_off(plain: socket.socket, until: _Until) -> Iterator[None]:
    """Whatever the other end does, one byte at a time or none, the time is all that it gets."""
    line, was_cut = plain.dup(), threading.Event()

    def cut() -> None:
        was_cut.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(until.left(), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
        if was_cut.is_set():  # Headers that were cut short look like whole ones.
            raise TimeoutError
    except http.client.HTTPException as error:
        raise (TimeoutError if was_cut.is_set() else BadAnswerError) from error
    except OSError as error:
        if was_cut.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        line.close()


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _exchange(
    target: Target, plain: socket.socket, body: bytes, headers: dict[str, str], until: _Until
) -> Answer:
    """Ask and hear, over TLS for the name that was given where the address says so."""
    connection = http.client.HTTPConnection(target.host, target.port, timeout=until.left())
    connection.sock = (
        _trust().wrap_socket(plain, server_hostname=target.host) if target.is_secure else plain
    )
    try:
        connection.request("POST", target.path, body=body, headers=headers)
        answer = connection.getresponse()
        pause = answer.headers.get("Retry-After", "")
        seconds = int(pause) if pause.isascii() and pause.isdecimal() and len(pause) < 9 else 0
        return Answer(status=answer.status, pause_seconds=seconds)
    finally:
        connection.close()

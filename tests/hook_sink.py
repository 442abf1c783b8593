"""A partner's system for tests: a real HTTP server that counts what it is told and can misbehave.

In a test: `with hook_sink() as sink`. Beside a test: `python -m tests.hook_sink PORT FOLDER [MOOD]`
keeps one file for each call that came in, named by its arrival, its headers before its body; a
file `mood` in the folder changes how it answers from then on.

Moods: a status such as `200`, `410`, `500`; `slow` (never a whole answer), `dead` (hangs up),
`redirect` (to itself), `nonsense` (no HTTP). `slow:0.05` takes that long and answers 200.
"""

import contextlib
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LOOPBACK = "127.0.0.1"
_DRIP_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One call that came in whole."""

    path: str
    headers: Message
    body: bytes
    at: float

    @property
    def number(self) -> str:
        """Its webhook-id."""
        return str(self.headers["webhook-id"])


@dataclass(slots=True)
class HookSink:
    """What came in, and how it answers: by mood, or by path where one is set for it."""

    server: ThreadingHTTPServer
    heard: list[Heard] = field(default_factory=list)
    mood: str = "200"
    moods: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    """Ids of calls that always get 500."""
    retry_after: str = ""
    keep: Callable[[Heard], None] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_over: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.server_address[1])

    def url(self, path: str = "/hooks") -> str:
        """An address of it."""
        return f"http://{LOOPBACK}:{self.port}{path}"

    def counts(self) -> Counter[str]:
        """How often each webhook-id came in."""
        with self.lock:
            return Counter(one.number for one in self.heard)

    def hear(self, heard: Heard) -> str:
        """Note one call; the mood that answers it."""
        with self.lock:
            self.heard.append(heard)
        if self.keep is not None:
            self.keep(heard)
        if heard.number in self.refused:
            return "500"
        return self.moods.get(heard.path, self.mood)


class _Handler(BaseHTTPRequestHandler):
    """Takes a POST and answers by mood."""

    server: "_Server"

    @property
    def sink(self) -> HookSink:
        """Where it is counted."""
        return self.server.sink

    def do_POST(self) -> None:
        """One call."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        heard = Heard(path=self.path, headers=self.headers, body=body, at=time.time())
        mood, _, seconds = self.sink.hear(heard).partition(":")
        with contextlib.suppress(OSError):
            self.answer(mood, float(seconds or 0))

    def answer(self, mood: str, seconds: float) -> None:
        """As the mood has it."""
        self.close_connection = True
        if mood == "dead":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif mood == "nonsense":
            self.wfile.write(b"what do you want?\r\n\r\n")
        elif mood == "slow" and not seconds:
            self.drip()
        else:
            time.sleep(seconds)
            self.speak(302 if mood == "redirect" else int(mood) if mood.isdecimal() else 200)

    def speak(self, status: int) -> None:
        """A whole answer."""
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.sink.url("/elsewhere"))
        if self.sink.retry_after:
            self.send_header("Retry-After", self.sink.retry_after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def drip(self) -> None:
        """A header without end, a byte at a time: no single reading ever times out."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
        while not self.sink.is_over.wait(_DRIP_SECONDS):
            self.wfile.write(b"x")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    """With room for many at the door at once."""

    request_queue_size = 128
    daemon_threads = True
    sink: HookSink

    def handle_error(self, *_: object) -> None:
        """Who hangs up is no news."""


def _made(port: int) -> HookSink:
    server = _Server((LOOPBACK, port), _Handler)
    server.sink = HookSink(server)
    return server.sink


@contextlib.contextmanager
def hook_sink(tls: ssl.SSLContext | None = None) -> Iterator[HookSink]:
    """A server on a port of its own, for the length of a test; behind TLS where it is given."""
    sink = _made(0)
    if tls is not None:
        sink.server.socket = tls.wrap_socket(
            sink.server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=sink.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        sink.is_over.set()
        sink.server.shutdown()
        sink.server.server_close()
        thread.join()


def _keeper(folder: Path) -> Callable[[Heard], None]:
    """Writes each call to a file of its own; a file appears whole or not at all."""
    numbers, lock = iter(range(len(list(folder.glob("*.http"))), sys.maxsize)), threading.Lock()

    def keep(heard: Heard) -> None:
        with lock:
            number = next(numbers)
        content = f"{heard.path}\n{heard.headers}".encode() + heard.body
        unfinished = folder / f"{number:08d}.part"
        unfinished.write_bytes(content)
        unfinished.rename(folder / f"{number:08d}.http")

    return keep


def kept_counts(folder: Path) -> Counter[str]:
    """How often each webhook-id lies in a folder of kept calls."""
    counts: Counter[str] = Counter()
    for path in folder.glob("*.http"):
        for line in path.read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name.lower() == "webhook-id":
                counts[value.strip()] += 1
    return counts


def _serve(port: int, folder: Path, mood: str) -> None:
    """Listen until killed."""
    folder.mkdir(parents=True, exist_ok=True)
    sink = _made(port)
    sink.mood, sink.keep = mood, _keeper(folder)

    def follow() -> None:
        while True:
            with contextlib.suppress(OSError):
                sink.mood = (folder / "mood").read_text(encoding="ascii").strip() or sink.mood
            time.sleep(_DRIP_SECONDS)

    threading.Thread(target=follow, daemon=True).start()
    sink.server.serve_forever()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "200")

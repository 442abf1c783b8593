"""A line between us and a server that can be slow, be torn, or fall silent without a farewell."""

import asyncio
import contextlib
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from config.processes import LOOPBACK, free_port


@dataclass(slots=True, kw_only=True, eq=False)
class _Link:
    """One connection through us."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter | None = None
    silent: bool = False
    """Whatever comes from either side is taken and goes nowhere, for good."""


@dataclass(slots=True, kw_only=True)
class Proxy:
    """Listens on `port` while entered, and passes on to `target`, unless told otherwise."""

    target: int
    port: int = field(default_factory=free_port)
    delay_seconds: float = 0.0
    _swallows: bool = False
    _links: list[_Link] = field(default_factory=list)
    _listens: threading.Event = field(default_factory=threading.Event)
    _loop: asyncio.AbstractEventLoop | None = None
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Listen, in a thread of our own."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._listens.wait(timeout=10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Tear whatever is left."""
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(timeout=10)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._meet, LOOPBACK, self.port)
        self._listens.set()
        await self._over.wait()
        server.close()
        self._abort()

    def swallow(self) -> None:
        """What is connected now is half open from here on, and stays so; new ones are too."""
        self._swallows = True
        for link in list(self._links):
            link.silent = True

    def pass_on(self) -> None:
        """New connections go through again."""
        self._swallows = False

    def tear(self) -> None:
        """Reset every connection, on both sides."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._abort)

    def _abort(self) -> None:
        for link in self._links:
            for writer in filter(None, (link.near, link.far)):
                writer.transport.abort()
        self._links.clear()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(near=writer, silent=self._swallows)
        self._links.append(link)
        if link.silent:
            await self._pump(link, reader, None)
            return
        try:
            far_reader, link.far = await asyncio.open_connection(LOOPBACK, self.target)
        except OSError:
            writer.transport.abort()
            return
        with contextlib.suppress(asyncio.CancelledError):  # at the end, which is no trouble
            await asyncio.gather(
                self._pump(link, reader, link.far), self._pump(link, far_reader, writer)
            )

    async def _pump(
        self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter | None
    ) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            while content := await reader.read(65_536):
                await asyncio.sleep(self.delay_seconds)
                if not link.silent and writer is not None:
                    writer.write(content)
                    await writer.drain()
        if not link.silent and writer is not None:
            writer.close()

"""The mail server of a household, seen from outside: up, down, misbehaving, and what came in."""

from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import Message
from typing import Any, ClassVar

from tests.faults.sink_house import SinkHouse
from tests.faults.switches import Switches


@dataclass(slots=True, kw_only=True)
class MailHouse(SinkHouse):
    """Each message that came in is one file; the same message twice is two files."""

    name: ClassVar[str] = "mail"
    module: ClassVar[str] = "tests.faults.slow_sink"

    def up(self) -> None:
        """Listen and take in letters."""
        self.listen(str(self.kept), str(self.port))

    def behave(self, **changes: Any) -> None:  # noqa: ANN401
        """From the next message on, as `Switches` says; what is not named stays."""
        replace(Switches.read(self.kept), **changes).write(self.kept)

    def count(self) -> int:
        """How many came in, repeats included."""
        return sum(1 for _ in self.kept.glob("*.eml"))

    def messages(self) -> list[Message]:
        """All that came in, in the order in which it came."""
        return [message_from_bytes(path.read_bytes()) for path in sorted(self.kept.glob("*.eml"))]

    def message_ids(self) -> list[str]:
        """The Message-ID of each message, repeats included."""
        return [str(message["Message-ID"]) for message in self.messages()]

"""How the mail server under test is told to misbehave, from another process."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.data_folder import write_atomically


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """All off: it is merely slow."""

    before_seconds: float = 0.04
    after_seconds: float = 0.02
    """Above a client's patience: accepted, kept, and never answered in time."""
    busy: bool = False
    """Every message is put off with a 451."""
    refuse: dict[str, int] = field(default_factory=dict)
    """Recipients and the code they are answered with."""
    drop: int = 0
    """So many messages are kept, and the connection is cut instead of an answer."""

    @classmethod
    def read(cls, folder: Path) -> "Switches":
        """As they stand now."""
        path = _file(folder)
        return cls(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else cls()

    def write(self, folder: Path) -> None:
        """From the next message on."""
        write_atomically(_file(folder), json.dumps(asdict(self)))


def _file(folder: Path) -> Path:
    return folder.parent / f"{folder.name}.switches.json"

"""Where the local default keeps its files: one folder a port, so that two runs never meet."""

import base64
import fcntl
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from casework.domain.errors import CaseworkError
from config.env import DEFAULT_PORT, KEY_BYTES


class DataFolderError(CaseworkError):
    """The data folder cannot be used."""

    code = "data_folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFolder:
    """The files of one run; everything below `home` belongs to one port."""

    home: Path

    @classmethod
    def for_port(cls, data_dir: Path, port: int) -> "DataFolder":
        """The folder itself for the default port, a folder named after any other port."""
        return cls(home=data_dir if port == DEFAULT_PORT else data_dir / str(port))

    @property
    def mail(self) -> Path:
        """One file a message."""
        return self.home / "mail"

    @property
    def logs(self) -> Path:
        """One log a part."""
        return self.home / "log"

    @property
    def run(self) -> Path:
        """What is true of the present run alone."""
        return self.home / "run"

    def make(self) -> None:
        """Make the folders; raises DataFolderError when they belong to somebody else."""
        make_private(self.home, mode=0o711)
        for folder in (self.mail, self.logs, self.run):
            make_private(folder)


def make_private(folder: Path, *, mode: int = 0o700) -> None:
    """Make a folder of ours; raises DataFolderError when it is another user's."""
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        owner = folder.stat().st_uid
    except OSError as problem:
        raise DataFolderError(f"{folder} cannot be made: {problem.strerror}") from problem
    if owner != os.geteuid():
        raise DataFolderError(
            f"{folder} belongs to user {owner} and you are user {os.geteuid()}; "
            "start as that user, or set DATA_DIR to a folder of your own"
        )


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock file; yields False, at once, when `wait` is off and another process has it."""
    with path.open("a", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def write_atomically(path: Path, content: str) -> None:
    """Replace a file of ours as a whole, readable by its owner alone."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    Path(name).replace(path)


def kept_secrets(home: Path) -> dict[str, str]:
    """The passwords and keys of this folder, made once, in a file that only its owner can read.

    Raises DataFolderError when the file is gone but what it unlocks is still there.
    """
    path = home / "secrets.json"
    if path.exists():
        return dict(json.loads(path.read_text(encoding="utf-8")))
    if (home / "postgres").exists():
        raise DataFolderError(
            f"{path} is gone, and nothing in {home / 'postgres'} can be read without it; "
            "put it back, or move that folder away to start empty"
        )
    made = {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "CASEWORK_KEK": _new_key(),
        "CASEWORK_INDEX_KEY": _new_key(),
        "postgres": secrets.token_urlsafe(24),
        "casework_owner": secrets.token_urlsafe(24),
        "casework_app": secrets.token_urlsafe(24),
        "redis": secrets.token_urlsafe(24),
    }
    write_atomically(path, json.dumps(made, indent=1))
    return made


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")

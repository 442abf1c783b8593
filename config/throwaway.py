"""Real servers for one test run, in a temporary folder that goes away with it."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.data_folder import kept_secrets, locked, make_private
from config.env import SECRET_NAMES
from config.local_postgres import ensure_postgres, stop_postgres
from config.local_redis import ensure_redis, stop_redis
from config.postgres_files import forget_cluster

_PREFIX = "casework-throwaway-"


@contextmanager
def throwaway() -> Iterator[dict[str, str]]:
    """Start a PostgreSQL and a Redis that keep nothing; yields what to add to the environment.

    Folders left by runs that were killed are stopped and removed on the way in.
    """
    base = Path(tempfile.gettempdir())
    sweep_leftovers(base)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
    make_private(folder)
    folder.chmod(0o711)
    with locked(folder / "in-use"):
        try:
            yield start_servers(folder, fast=True)
        finally:
            _remove(folder)


def start_servers(folder: Path, *, fast: bool) -> dict[str, str]:
    """Start both servers in that folder; gives the environment of a program that uses them."""
    urls = ensure_postgres(folder, fast=fast)
    redis_url = ensure_redis(folder, fast=fast)
    made = kept_secrets(folder)
    return {
        "DATABASE_URL": urls.app_url,
        "DATABASE_OWNER_URL": urls.owner_url,
        "DATABASE_SUPERUSER_URL": urls.superuser_url,
        "REDIS_URL": redis_url,
        "DATA_DIR": str(folder),
        "JOURNAL_ANCHOR_FILE": str(folder / "journal-anchor"),
        "SEND_JOURNAL_FILE": str(folder / "send-journal"),
        **{name: made[name] for name in SECRET_NAMES},
    }


def stop_servers(folder: Path) -> None:
    """Stop both servers of that folder in order; those that do not run are no matter."""
    stop_redis(folder)
    stop_postgres(folder)


def sweep_leftovers(base: Path) -> None:
    """Stop and remove the folders of runs of ours that no longer live."""
    for folder in base.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid != os.geteuid() or not (folder / "in-use").exists():
                continue
            with locked(folder / "in-use", wait=False) as is_abandoned:
                if is_abandoned:
                    _remove(folder)


def _remove(folder: Path) -> None:
    stop_servers(folder)
    forget_cluster(folder)
    shutil.rmtree(folder, ignore_errors=True)

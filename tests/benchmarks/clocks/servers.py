"""A PostgreSQL that keeps what it is told, for measuring: the tests' own gives durability up.

Every commit is flushed, torn pages are guarded against, pages carry checksums, and all sizes are
PostgreSQL's defaults: what is measured here is what an installation of ours has without tuning.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connections

from config.data_folder import locked, make_private
from config.local_postgres import PostgresUrls, ensure_postgres, stop_postgres
from config.postgres_files import forget_cluster

_NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_SUPERUSER_URL")
_PLACED = ("HOST", "PORT", "USER", "PASSWORD", "NAME")


@contextmanager
def durable_postgres() -> Iterator[None]:
    """Start it and point environment and connections there; both are put back afterwards.

    The folder is named as those of throw-away servers, so that a killed run's is found and removed.
    """
    folder = Path(tempfile.mkdtemp(prefix="casework-throwaway-"))
    make_private(folder)
    folder.chmod(0o711)
    with locked(folder / "in-use"):
        try:
            with _pointed_at(ensure_postgres(folder, fast=False)):
                yield
        finally:
            stop_postgres(folder)
            forget_cluster(folder)
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _pointed_at(urls: PostgresUrls) -> Iterator[None]:
    given = {name: os.environ.get(name) for name in _NAMES}
    before = {alias: dict(connections[alias].settings_dict) for alias in ("default", "owner")}
    os.environ.update(zip(_NAMES, (urls.app_url, urls.owner_url, urls.superuser_url), strict=True))
    _connect("default", urls.app_url)
    _connect("owner", urls.owner_url)
    try:
        yield
    finally:
        for alias, settings in before.items():
            connections[alias].close()
            connections[alias].settings_dict.update({name: settings[name] for name in _PLACED})
        for name, value in given.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _connect(alias: str, url: str) -> None:
    parts = urlsplit(url)
    connections[alias].close()
    connections[alias].settings_dict.update(
        HOST=parts.hostname,
        PORT=parts.port,
        USER=parts.username,
        PASSWORD=parts.password,
        NAME=parts.path.removeprefix("/"),
    )

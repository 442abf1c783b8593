"""Real servers for every test, and where the shared fixtures stand."""

import atexit
import contextlib
import os
from pathlib import Path

import django
import hypothesis
import pytest
from django.conf import settings

from config.throwaway import throwaway

_GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
_SERVERS = contextlib.ExitStack()

pytest_plugins = ("tests.database", "tests.cast", "tests.mail", "tests.hooks")

# Settings read the environment once, so the servers have to run before anything of Django loads.
if not all(os.environ.get(name) for name in _GIVEN):
    atexit.register(_SERVERS.close)
    os.environ.update(_SERVERS.enter_context(throwaway()))
os.environ.setdefault("DEMO", "0")
os.environ.setdefault("SECURE_TRANSPORT", "0")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Passwords of invented people need no slow hash; the real ones can still be checked.
settings.PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    *settings.PASSWORD_HASHERS,
]
# How long one example takes says nothing where others work on the same two cores.
# On the way to main the same examples every time; on a developer's machine new ones each run.
hypothesis.settings.register_profile(
    "steady", deadline=None, derandomize=bool(os.environ.get("CI"))
)
hypothesis.settings.load_profile("steady")
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
django.setup()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes, most of them waiting, is begun first, beside everything else."""
    items.sort(key=lambda item: item.get_closest_marker("faults") is None)

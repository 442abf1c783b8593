"""The house as a whole: what stands at the top, what the schedule names, what files may not say."""

import re

import pytest
from celery import Celery
from django.conf import settings

from config.celery import app
from tests.architecture.sources import ROOT, kept_files

FOLDERS = {
    ".ci", ".github", "casework", "config", "docs", "fixtures", "screening", "seeds", "tests",
}  # fmt: skip
FILES = re.compile(
    r"\.[a-z-]+(\.ya?ml)?|[A-Z-]+(\.md)?|Makefile|compose\.yaml|manage\.py|package(-lock)?\.json"
    r"|pyproject\.toml|requirements(-dev)?\.lock|Dockerfile"
)
REGISTRY = re.compile(rb"https?://[^\s\"']*(pypi|npm|registry|artifactory|nexus|mirror)[^\s\"']*")
MACHINE = re.compile(rb"(?<![\w.])/(root|work|home/[a-z]+|Users)/[\w.-]+")
PUBLIC = (b"https://pypi.org/project/", b"https://www.npmjs.com/package/")
EXEMPT = {"tests/architecture/test_house.py"}
LOCKS = ("requirements.lock", "requirements-dev.lock", "package-lock.json", ".npmrc")


def test_the_top_level_is_as_it_was_agreed() -> None:
    tops = {path.relative_to(ROOT).parts for path in kept_files()}
    folders = {parts[0] for parts in tops if len(parts) > 1}
    files = {parts[0] for parts in tops if len(parts) == 1}
    assert folders <= FOLDERS
    assert [name for name in sorted(files) if not FILES.fullmatch(name)] == []


def text_files() -> list[tuple[str, bytes]]:
    named = [(path.relative_to(ROOT).as_posix(), path.read_bytes()) for path in kept_files()]
    return [(name, content) for name, content in named if b"\0" not in content[:8_000]]


def test_no_file_names_a_registry() -> None:
    found = [
        (name, match.group().decode())
        for name, content in text_files()
        if name not in EXEMPT
        for match in REGISTRY.finditer(content)
        if not match.group().startswith(PUBLIC)
    ]
    assert found == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = [
        (name, match.group().decode())
        for name, content in text_files()
        if name not in EXEMPT
        for match in MACHINE.finditer(content)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (REGISTRY, b'"resolved": "https://registry.example.org/x.tgz"'),
        (REGISTRY, b"--index-url https://mirror.example.org/pypi/simple"),
        (MACHINE, b"cd /%b/project" % b"root"),
        (MACHINE, b"see /home/alice/notes"),
    ],
)
def test_such_an_address_would_be_noticed(pattern: re.Pattern[bytes], line: bytes) -> None:
    assert pattern.search(line)


@pytest.mark.parametrize("lock", LOCKS[:2])
def test_every_locked_package_has_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    pinned = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
    assert len(pinned) > 30
    assert [line for line in pinned if "--hash=sha256:" not in line] == []


def test_every_scheduled_task_exists() -> None:
    assert isinstance(app, Celery)
    app.loader.import_default_modules()
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert named
    assert named <= set(app.tasks)


def test_a_poke_expires_before_it_could_pile_up() -> None:
    options = [dict(entry).get("options") for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert options == [{"expires": 30}] * len(options)

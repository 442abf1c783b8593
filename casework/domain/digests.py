"""One fingerprint for one content: how a definition or a packet is recognised again."""

import hashlib
import json
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from uuid import UUID

from pydantic import BaseModel


def digest(document: object) -> str:
    """SHA-256, in hex, of the document as canonical JSON.

    Canonical: sorted keys, no spaces, ASCII; dates in ISO, instants in UTC, sets sorted, models by
    their aliases. Raises TypeError for what has no such form and ValueError for NaN, infinity or
    an instant without an offset.
    """
    canonical = json.dumps(
        document, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain
    )
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise ValueError("an instant needs its offset")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, AbstractSet):
        return sorted(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")

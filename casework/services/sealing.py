"""Sealed values of a person, a screening or a packet, as services read and write them."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.db import models

from casework.domain.errors import SealBrokenError
from casework.gateways import vault
from casework.models import Agency, SubjectKey


def new_subject_key(agency: Agency, *, at: datetime) -> SubjectKey:
    """A key of its own for one person or one anonymous screening."""
    ref = uuid4()
    made = vault.new_key(str(ref))
    return SubjectKey.objects.create(
        agency=agency,
        ref=ref,
        wrapped=made.wrapped,
        wrapping_key=made.wrapping_key,
        created_at=at,
    )


def _data_key(key: SubjectKey) -> bytes:
    if key.wrapped is None:
        raise SealBrokenError
    return _opened(bytes(key.wrapped), key.wrapping_key, str(key.ref))


@lru_cache(maxsize=2_048)
def _opened(wrapped: bytes, wrapping_key: str, ref: str) -> bytes:
    return vault.open_key(vault.WrappedKey(wrapped=wrapped, wrapping_key=wrapping_key), ref)


def _place(row: models.Model, column: str, key: SubjectKey) -> vault.Place:
    table = row._meta.db_table  # noqa: SLF001 - Django's documented meta API
    return vault.Place(table=table, column=column, row=str(_ref(row)), key=str(key.ref))


def _ref(row: models.Model) -> Any:  # noqa: ANN401
    return getattr(row, "ref", None) or row.pk


def seal_value(row: models.Model, column: str, value: Any, *, key: SubjectKey) -> bytes | None:  # noqa: ANN401
    """JSON of `value`, sealed for that column of that row; None stays None."""
    if value is None:
        return None
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return vault.seal(_data_key(key), plain, _place(row, column, key))


def open_value(row: models.Model, column: str, *, key: SubjectKey) -> Any:  # noqa: ANN401
    """The value again. SealBrokenError if key, row or column is not the one it was sealed for."""
    sealed = getattr(row, column)
    if sealed is None:
        return None
    return json.loads(vault.unseal(_data_key(key), bytes(sealed), _place(row, column, key)))

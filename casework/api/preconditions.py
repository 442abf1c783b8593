"""If-Match and ETag: nobody overwrites what they have not read."""

import re

from casework.api.problems import PreconditionRequiredError
from casework.domain.errors import InvalidInputError, StaleVersionError

_STRONG = re.compile(r'"([1-9][0-9]{0,8})"', re.ASCII)
_WEAK = re.compile(r'W/"[^"]*"', re.ASCII)


def etag(version: int) -> str:
    """The strong ETag of a version."""
    return f'"{version}"'


def matched_version(header: str | None, *, required: bool) -> int | None:
    """The version the caller read; None when they may leave it out and did.

    PreconditionRequiredError without the header where it is required; StaleVersionError for a weak
    tag, which never matches; InvalidInputError for anything that is no single ETag of ours.
    """
    if header is None:
        if required:
            raise PreconditionRequiredError
        return None
    text = header.strip()
    if _WEAK.fullmatch(text):
        raise StaleVersionError
    match = _STRONG.fullmatch(text)
    if match is None:
        detail = 'Send the ETag you read, quotes included, as in "3".'
        raise InvalidInputError.at("If-Match", "wrong_type", detail)
    return int(match[1])

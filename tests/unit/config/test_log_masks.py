"""The key of a calendar feed stands in no log."""

import io
import logging
from uuid import uuid4

from config.log_masks import MasksFeedSecrets


def logged(message: str, *args: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(MasksFeedSecrets())
    handler.handle(logging.makeLogRecord({"msg": message, "args": args}))
    return stream.getvalue().strip()


def test_the_secret_of_a_feed_is_masked_and_its_owner_stays() -> None:
    owner = uuid4()
    path = f"/calendar/{owner}/a-secret_of-a-feed.ics"
    assert logged("%s: %s", "Internal Server Error", path) == (
        f"Internal Server Error: /calendar/{owner}/***.ics"
    )


def test_other_lines_stay_as_they_are() -> None:
    assert logged("%s: %s", "Not Found", "/clocks/") == "Not Found: /clocks/"


def test_what_the_application_logs_is_masked() -> None:
    filters = [one for handler in logging.getLogger().handlers for one in handler.filters]
    assert any(isinstance(one, MasksFeedSecrets) for one in filters)

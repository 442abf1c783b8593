"""What of a request may not stand in a log, not even when it failed."""

import logging
import re

_FEED = re.compile(r"(/calendar/[0-9a-f-]{36}/)[A-Za-z0-9_-]+")


class MasksFeedSecrets(logging.Filter):
    """The address of a calendar feed is its key: the log names whose it was and no more."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without the secret."""
        message = record.getMessage()
        masked = _FEED.sub(r"\1***", message)
        if masked != message:
            record.msg, record.args = masked, None
        return True

"""The send journal: what left the house, kept outside the database.

After a restore the database has forgotten what was sent since the backup, and would send it all
again. One line a send, on disk before the message is marked; replayed before the loops start.
"""

import errno
import json
import logging
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection

from casework.access import agency_context
from casework.models import Agency

logger = logging.getLogger(__name__)
_BATCH = 5_000

# A message that the restored database does not hold is put there as sent: when its reminder fires
# once more, its key adds nothing. The notice in the application, which was lost, comes again.
_MARK = """
    INSERT INTO casework_outboxmessage
        (agency_id, ref, key, channel, template, params, created_at, not_before, attempts,
         last_error, needs_attention, sent_at)
    SELECT %(agency)s, uuidv7(), sent.key, sent.channel, sent.template, '{}', sent.at,
           sent.at, 0, '', false, sent.at
    FROM unnest(%(keys)s::text[], %(channels)s::text[], %(templates)s::text[],
                %(moments)s::timestamptz[]) AS sent (key, channel, template, at)
    ON CONFLICT (key) DO UPDATE
        SET sent_at = excluded.sent_at, lease_owner = NULL, lease_until = NULL, last_error = '',
            needs_attention = false
        WHERE casework_outboxmessage.sent_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message that was accepted outside. Keys and references; no address, no name."""

    agency: str
    key: str
    channel: str
    template: str
    at: str


def note_sent(agency: Agency, *, key: str, channel: str, template: str) -> None:
    """Leave word that the other side has accepted the message; on disk when this returns.

    A journal that cannot be written is an alarm and no reason to send again.
    """
    if not settings.SEND_JOURNAL_FILE:
        return
    moment = datetime.now(UTC).isoformat()  # noqa: TID251 - a note for after the fact
    sent = Sent(agency=str(agency.ref), key=key, channel=channel, template=template, at=moment)
    # The break comes first: a line that a crash cut short spoils only itself.
    line = "\n" + json.dumps(asdict(sent), separators=(",", ":"))
    try:
        _append(settings.SEND_JOURNAL_FILE, line.encode("ascii"))
    except OSError:
        logger.exception("send_journal.not_written")


def _append(path: str, line: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if os.write(descriptor, line) < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay did."""

    marked: int
    known: int
    """Already marked as sent."""
    unread: int
    """Lines cut short by a crash, or of an agency that the database does not know."""


def replay(lines: Iterable[str]) -> Replayed:
    """Mark as sent whatever the lines say was sent. Again and again gives the same."""
    sent: defaultdict[str, dict[str, Sent]] = defaultdict(dict)
    unread = 0
    for line in filter(str.strip, lines):
        entry = _read(line)
        if entry is None:
            unread += 1
        else:
            sent[entry.agency][entry.key] = entry
    agencies = {str(agency.ref): agency for agency in Agency.objects.all()}
    unread += sum(len(entries) for ref, entries in sent.items() if ref not in agencies)
    total = sum(len(entries) for ref, entries in sent.items() if ref in agencies)
    marked = sum(
        _mark(agency, list(sent[ref].values())) for ref, agency in agencies.items() if ref in sent
    )
    return Replayed(marked=marked, known=total - marked, unread=unread)


def _read(line: str) -> Sent | None:
    try:
        entry = Sent(**json.loads(line))
        datetime.fromisoformat(entry.at)
    except (ValueError, TypeError):
        return None
    return entry


def _mark(agency: Agency, entries: list[Sent]) -> int:
    marked = 0
    for start in range(0, len(entries), _BATCH):
        batch = entries[start : start + _BATCH]
        with agency_context(agency.pk), connection.cursor() as cursor:
            cursor.execute(
                _MARK,
                {
                    "agency": agency.pk,
                    "keys": [entry.key for entry in batch],
                    "channels": [entry.channel for entry in batch],
                    "templates": [entry.template for entry in batch],
                    "moments": [datetime.fromisoformat(entry.at) for entry in batch],
                },
            )
            marked += cursor.rowcount
    return marked

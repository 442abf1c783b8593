"""The journal: one entry per deed, in the deed's own transaction, chained shortly after."""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from casework.domain.permissions import Capability, Principal, require
from casework.models import Agency
from casework.models.journal import JournalEntry, JournalLink, JournalPending

logger = logging.getLogger(__name__)
_SEALING = 7_201  # the class of the advisory lock that keeps sealers of one agency apart
_START = b"\x00" * 32


def record(action: str, subject: str, *, by: Principal, at: datetime, **detail: Any) -> None:  # noqa: ANN401
    """Write one entry. `detail` holds codes and references only, never a name or free text."""
    entry = JournalEntry.objects.create(
        agency_id=by.agency_id,
        at=at,
        actor=f"{by.kind}:{by.ref}",
        action=action,
        subject=subject,
        detail=detail,
    )
    JournalPending.objects.create(agency_id=by.agency_id, entry=entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One of several things done at once; `detail` holds codes and references only."""

    action: str
    subject: str
    detail: dict[str, Any]


def record_all(deeds: Iterable[Deed], *, by: Principal, at: datetime) -> None:
    """Write one entry for each deed, in order."""
    entries = JournalEntry.objects.bulk_create(
        JournalEntry(
            agency_id=by.agency_id,
            at=at,
            actor=f"{by.kind}:{by.ref}",
            action=deed.action,
            subject=deed.subject,
            detail=deed.detail,
        )
        for deed in deeds
    )
    JournalPending.objects.bulk_create(
        JournalPending(agency_id=by.agency_id, entry=entry) for entry in entries
    )


def _canonical(entry: JournalEntry) -> bytes:
    document = {
        "ref": str(entry.ref),
        "agency": entry.agency_id,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _chained(previous: bytes, entry: JournalEntry) -> bytes:
    return hashlib.sha256(previous + _canonical(entry)).digest()


@transaction.atomic
def seal(agency: Agency, *, at: datetime, limit: int = 5_000) -> int:
    """Chain what waits, in the agency's context. Returns how many entries were chained.

    A second sealer of the same agency finds the advisory lock taken and leaves.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [_SEALING, agency.pk])
        if not cursor.fetchone()[0]:
            return 0
    pending = list(
        JournalPending.objects.filter(agency=agency)
        .select_related("entry")
        .order_by("entry_id")[:limit]
    )
    if not pending:
        return 0
    last = JournalLink.objects.filter(agency=agency).order_by("-position").first()
    position, head = (last.position, bytes(last.hash)) if last else (0, _START)
    links = []
    for waiting in pending:
        position, head = position + 1, _chained(head, waiting.entry)
        links.append(
            JournalLink(
                agency=agency,
                position=position,
                entry_ref=waiting.entry.ref,
                hash=head,
                sealed_at=at,
            )
        )
    JournalLink.objects.bulk_create(links)
    JournalPending.objects.filter(pk__in=[waiting.pk for waiting in pending]).delete()
    _anchor(agency, position, head)
    return len(links)


def _anchor(agency: Agency, position: int, head: bytes) -> None:
    """Leave the head outside the database: a rewritten or shortened chain no longer fits it."""
    if not settings.JOURNAL_ANCHOR_FILE:
        return
    line = json.dumps({"agency": str(agency.ref), "position": position, "head": head.hex()})
    try:
        with Path(settings.JOURNAL_ANCHOR_FILE).open("a", encoding="ascii") as file:
            file.write(line + "\n")
    except OSError:
        logger.exception("journal.anchor_failed")


def entries_of(by: Principal) -> QuerySet[JournalEntry]:
    """The entries of the principal's agency. NotPermittedError for whoever is no auditor."""
    require(by, Capability.READ_JOURNAL)
    return JournalEntry.objects.filter(agency_id=by.agency_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What checking one agency's chain showed."""

    entries: int
    waiting: int
    broken: str = ""
    """The first broken entry and what is wrong with it; empty when all is well."""


def verify(agency: Agency) -> Verification:
    """Recompute the whole chain of one agency, in its context, and compare the anchors."""
    entries = JournalEntry.objects.filter(agency=agency)
    waiting = JournalPending.objects.filter(agency=agency).count()
    broken, chained = _first_break(agency, {entry.ref: entry for entry in entries})
    return Verification(
        entries=chained,
        waiting=waiting,
        broken=broken or _never_chained(agency) or _anchor_break(agency),
    )


def _never_chained(agency: Agency) -> str:
    lost = (
        JournalEntry.objects.filter(agency=agency)
        .exclude(Exists(JournalLink.objects.filter(entry_ref=OuterRef("ref"))))
        .exclude(Exists(JournalPending.objects.filter(entry=OuterRef("pk"))))
        .order_by("pk")
        .first()
    )
    return f"entry {lost.ref} ({lost.action}) was never chained" if lost else ""


def _first_break(agency: Agency, entries: dict[Any, JournalEntry]) -> tuple[str, int]:
    head, chained = _START, 0
    links = JournalLink.objects.filter(agency=agency).order_by("position")
    for expected, link in enumerate(links.iterator(chunk_size=2_000), start=1):
        if link.position != expected:
            return f"place {expected}: the link is missing", chained
        entry = entries.get(link.entry_ref)
        if entry is None:
            return f"place {expected}: entry {link.entry_ref} is missing", chained
        head = _chained(head, entry)
        if head != bytes(link.hash):
            return f"place {expected}: entry {link.entry_ref} ({entry.action}) differs", chained
        chained += 1
    return "", chained


def _anchors(agency: Agency) -> Iterator[tuple[int, bytes]]:
    path = Path(settings.JOURNAL_ANCHOR_FILE or "/nonexistent")
    if not path.is_file():
        return
    with path.open(encoding="ascii") as file:
        for line in file:
            anchor = json.loads(line)
            if anchor["agency"] == str(agency.ref):
                yield anchor["position"], bytes.fromhex(anchor["head"])


def _anchor_break(agency: Agency) -> str:
    anchors = dict(_anchors(agency))
    if not anchors:
        return ""
    heads = {
        link.position: bytes(link.hash)
        for link in JournalLink.objects.filter(agency=agency, position__in=list(anchors))
    }
    for position in sorted(anchors):
        if heads.get(position) != anchors[position]:
            return f"place {position}: the chain no longer fits the head that was kept outside"
    return ""


def entries_from(select: str) -> str:
    """SQL that writes one entry, and its place in the queue, for each row of `select`.

    For statements that do a thousand deeds at once. `select` yields agency_id, at, actor, action,
    subject, detail (jsonb). The text is used as two common table expressions.
    """
    return f"""
        noted AS (
            INSERT INTO casework_journalentry
                (agency_id, ref, at, actor, action, subject, detail)
            SELECT agency_id, uuidv7(), at, actor, action, subject, detail
            FROM ({select}) AS deeds
            RETURNING id, agency_id
        ), queued AS (
            INSERT INTO casework_journalpending (agency_id, entry_id)
            SELECT agency_id, id FROM noted
        )"""  # noqa: S608 - the text is ours, values are parameters

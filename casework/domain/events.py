"""The dated things that happen in a case, and what each of them is called."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What can happen. Clocks name these as triggers and as what meets them."""

    APPREHENDED = "apprehended"
    MINORITY_CLAIMED = "minority_claimed"
    UAC_DETERMINED = "uac_determined"
    SCREENED_CONTIGUOUS = "screened_contiguous"
    HHS_NOTIFIED = "hhs_notified"
    CUSTODY_TRANSFERRED = "custody_transferred"
    ORR_PLACED = "orr_placed"
    SCREENED = "screened"
    IDENTIFIED = "identified"
    DETAINED = "detained"
    RELEASED = "released"
    REMOVAL_SCHEDULED = "removal_scheduled"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """One event of a case as the clocks see it."""

    ref: str
    kind: EventKind
    at: datetime
    """The instant, in UTC."""
    zone: str
    """IANA name of the place where it happened; only for showing local time."""

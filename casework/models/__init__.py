"""The tables. Journal and outbox are registered here and written by their services alone."""

import casework.models.journal
import casework.models.outbox  # noqa: F401
from casework.models.absences import Absence
from casework.models.agencies import Agency, Membership, User
from casework.models.calendar_feeds import CalendarFeed
from casework.models.cases import Case
from casework.models.consents import ConsentRecord
from casework.models.deadlines import Deadline, DeadlineAct, Heartbeat, Reminder
from casework.models.events import Event
from casework.models.facts import Fact
from casework.models.findings import FindingRecord
from casework.models.knowledge import Definition
from casework.models.notices import Notice
from casework.models.partners import IdempotencyRecord, PartnerClient
from casework.models.people import Person, SearchToken, SubjectKey
from casework.models.referrals import Referral, ReferralOrigin
from casework.models.webhooks import Webhook

__all__ = [
    "Absence",
    "Agency",
    "CalendarFeed",
    "Case",
    "ConsentRecord",
    "Deadline",
    "DeadlineAct",
    "Definition",
    "Event",
    "Fact",
    "FindingRecord",
    "Heartbeat",
    "IdempotencyRecord",
    "Membership",
    "Notice",
    "PartnerClient",
    "Person",
    "Referral",
    "ReferralOrigin",
    "Reminder",
    "SearchToken",
    "SubjectKey",
    "User",
    "Webhook",
]

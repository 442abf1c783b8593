"""The demo, built through the services that people and partners use; a second time adds nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.access import agency_context, principal_of_user
from casework.domain.consent import SignedBy
from casework.domain.errors import NotFoundError
from casework.domain.facts import Standing
from casework.domain.permissions import Principal, Role, Scope
from casework.domain.ternary import Ternary
from casework.models import Agency, Case, User
from casework.services.cases import NewCase, open_case
from casework.services.consents import NewConsent, record_consent
from casework.services.events import NewEvent, record_event
from casework.services.facts import assert_fact
from casework.services.members import NewUser, add_agency, add_member, add_partner
from casework.services.referrals import (
    NewReferral,
    approve_referral,
    draft_referral,
    send_referral,
    submit_referral,
)
from screening.services.answering import (
    NewScreening,
    SentAnswer,
    save_answers,
    start_screening,
)
from screening.services.conclusion import conclude_screening
from screening.services.instruments import current_instrument

Document = Mapping[str, Any]
_CONSENT_DAYS = 180
_FOUNDED_HOURS_AGO = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What is needed while building: the moment that hours are counted back from."""

    now: datetime
    password: str

    def ago(self, hours: float) -> datetime:
        """So many hours before now, in UTC."""
        return self.now - timedelta(hours=hours)


def load_demo(document: Document, *, password: str, at: datetime) -> int:
    """Build the demo. Returns how many cases were added: none when it is there already."""
    if Agency.objects.filter(name=document["agencies"][0]["name"]).exists():
        return 0
    demo = Demo(now=at, password=password)
    for agency in document["agencies"]:
        _add_agency(agency, demo)
    for case in document["cases"]:
        _add_case(case, demo)
    return len(document["cases"])


def _add_agency(document: Document, demo: Demo) -> None:
    at = demo.ago(_FOUNDED_HOURS_AGO)
    agency = add_agency(document["name"], document["kind"], time_zone=document["time_zone"], at=at)
    for member in document["members"]:
        new = NewUser(email=member["email"], name=member["name"], password=demo.password)
        add_member(agency, new, Role(member["role"]), at=at)
    partner = document["partner"]
    add_partner(
        agency,
        partner["client_id"],
        partner["secret"],
        label=partner["label"],
        scopes=frozenset(Scope),
        at=at,
    )


def _principal(email: str) -> Principal:
    principal = principal_of_user(User.objects.get(email=email))
    if principal is None:
        raise NotFoundError
    return principal


def _add_case(document: Document, demo: Demo) -> None:
    worker = _principal(document["worker"])
    opened_at = demo.ago(document["opened_hours_ago"])
    with agency_context(worker.agency_id):
        new = NewCase(door=document["door"], person=document["person"])
        case = open_case(new, by=worker, at=opened_at)
        for code, value in document.get("facts", {}).items():
            assert_fact(case, code, value, by=worker, at=opened_at)
        for event in document.get("events", ()):
            _add_event(case, event, worker, demo)
        if "screening" in document:
            _add_screening(case, document["screening"], worker, opened_at)
        if "referral" in document:
            _add_referral(case, document["referral"], worker, demo)


def _add_event(case: Case, document: Document, worker: Principal, demo: Demo) -> None:
    """Each event is recorded when the case was open and the event had happened."""
    happened = demo.ago(document["hours_ago"])
    new = NewEvent(kind=document["kind"], at=happened, zone=document["zone"])
    record_event(case, new, by=worker, at=max(happened, case.opened_at))


def _add_screening(case: Case, document: Document, worker: Principal, at: datetime) -> None:
    new = NewScreening(definition=current_instrument(document["instrument"]), case=case)
    screening = start_screening(new, by=worker, at=at)
    answers = [
        SentAnswer(item=item, standing=Standing.KNOWN, value=value, pointer=f"/answers/{item}")
        for item, value in document["answers"].items()
    ] + [
        SentAnswer(item=item, standing=Standing(name), value=None, pointer=f"/answers/{item}")
        for item, name in document.get("standings", {}).items()
    ]
    save_answers(screening, answers, by=worker, at=at)
    conclude_screening(screening, by=worker, at=at, minor=Ternary(document["minor"]))


def _add_referral(case: Case, document: Document, worker: Principal, demo: Demo) -> None:
    """Consent first; then as far along as the document says."""
    recipient = Agency.objects.get(name=document["to"])
    written, reviewed = demo.ago(10), demo.ago(8)
    consent = NewConsent(
        recipient=recipient,
        fields=tuple(document["fields"]),
        purpose=document["purpose"],
        valid_from=written,
        valid_until=written + timedelta(days=_CONSENT_DAYS),
        written=True,
        signed_by=SignedBy.SELF,
    )
    record_consent(case, consent, by=worker, at=written)
    new = NewReferral(
        recipient=recipient,
        purpose=document["purpose"],
        urgency=document["urgency"],
        pathway=document["pathway"],
        fields=tuple(document["fields"]),
        needs=document["needs"],
        summary=document["summary"],
    )
    referral = draft_referral(case, new, by=worker, at=written)
    submit_referral(referral, by=worker, at=written)
    if document["until"] == "sent":
        supervisor = _principal("bob@demo.example")
        with agency_context(supervisor.agency_id):
            approve_referral(referral, by=supervisor, at=reviewed)
            send_referral(referral, by=worker, at=reviewed)

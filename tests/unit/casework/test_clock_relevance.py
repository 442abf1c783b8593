"""Which clocks an event brings up: those that it concerns, and no crowd."""

from datetime import UTC, date, datetime

import pytest

from casework.domain.clocks import Circumstances, ClockRule, derive
from casework.domain.conditions import Facts
from casework.domain.events import EventKind, RecordedEvent
from casework.domain.rule_versions import in_force
from tests.row_by_row import every
from tests.seeds import rows

RULES = {rule.id: rule for rule in in_force(rows.clocks(), date(2026, 11, 1))}
KIND = EventKind


THEN = datetime(2026, 6, 1, tzinfo=UTC)


def shows(rule: ClockRule, kind: EventKind, facts: Facts | None = None) -> bool:
    event = RecordedEvent(ref=kind, kind=kind, at=THEN, zone="UTC")
    calendars = {"federal": rows.work_days("federal")}
    case = Circumstances(events=(event,), facts=facts or {}, calendars=calendars, as_of=THEN)
    return bool(derive([rule], case))


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        (None, False),
        ({"conviction_jurisdiction": "NC"}, True),
        ({"conviction_jurisdiction": "NY"}, False),
    ],
)
def test_a_rule_of_one_place_waits_until_the_place_is_known(
    facts: dict[str, str] | None, shown: bool
) -> None:
    rule = RULES["NC-VACATUR-ANSWER-30"]
    assert shows(rule, KIND.STATE_VACATUR_FILED, facts) is shown


@pytest.mark.parametrize(
    ("facts", "shown"),
    [({}, True), ({"unaccompanied_child": True}, True), ({"unaccompanied_child": False}, False)],
)
def test_only_knowing_better_switches_a_clock_off(facts: dict[str, bool], shown: bool) -> None:
    assert shows(RULES["UAC-SCREEN-48H"], KIND.APPREHENDED, facts) is shown


@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        (
            KIND.APPREHENDED,
            {},
            {"UAC-NOTIFY-48H", "UAC-RPT51", "UAC-SCREEN-48H", "UAC-TRANSFER-72H"},
        ),
        (KIND.APPREHENDED, {"unaccompanied_child": False}, {"UAC-NOTIFY-48H", "UAC-TRANSFER-72H"}),
        (KIND.DETAINED, {}, {"DETENTION-REVIEW", "REMOVAL-SCREEN"}),
        (KIND.REMOVAL_SCHEDULED, {}, {"REMOVAL-SCREEN"}),
        (KIND.UAC_DETERMINED, {}, {"UAC-TRANSFER-72H", "UAC-PLACE-PROMPT"}),
        (KIND.CUSTODY_TRANSFERRED, {}, set()),
        (KIND.SCREENED, {}, set()),
        (KIND.IDENTIFIED, {}, set()),
        (KIND.RELEASED, {}, set()),
        (KIND.RFE_SERVED, {}, {"RFE-84"}),
        (KIND.CERTIFICATION_SIGNED, {}, {"U-CERT-6M"}),
    ],
)
def test_what_happens_often_shows_only_the_clocks_that_it_concerns(
    kind: EventKind, facts: dict[str, bool], expected: set[str]
) -> None:
    shown = {rule.id for rule in RULES.values() if shows(rule, kind, facts)}
    assert shown == expected


@every(EventKind)
def test_no_event_shows_more_clocks_than_can_be_looked_at(kind: EventKind) -> None:
    assert sum(shows(rule, kind) for rule in RULES.values()) <= 5

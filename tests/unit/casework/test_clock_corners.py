"""Clocks where several things meet: closed and paused, waived and recurring, enjoined, by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from casework.domain.circumstances import Act, ActKind
from casework.domain.clocks import Circumstances, ClockRule, Reading, derive
from casework.domain.conditions import FactValue
from casework.domain.errors import InvalidInputError
from casework.domain.events import EventKind, RecordedEvent
from tests.seeds import rows

LAW: dict[str, Any] = {
    "id": "TEST",
    "version": "2000-01-01",
    "title": "A test",
    "in_force_from": "2000-01-01",
    "citation": "1 USC 1",
    "law_sources": ["usc-1-1"],
    "certainty": "low",
    "binds": "Nobody",
    "rungs": "days",
    "trigger": {"event": "detained"},
}
DAYS = {"kind": "calendar_days", "days": 30, "met_by": ["screened"]}
YEARLY = {"kind": "calendar_years", "years": 1, "met_by": ["screened"]}
TOLLED = {"tolling": [{"from": "asylum_delay_begun", "to": ["asylum_delay_ended"], "text": "x"}]}
DAY = timedelta(days=1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
Told = list[tuple[str, str, str]]


def rule(**columns: object) -> ClockRule:
    return ClockRule.model_validate({**LAW, **columns})


def event(kind: str, days: float = 0, start: datetime = NOON) -> RecordedEvent:
    at = start + days * DAY
    return RecordedEvent(ref=f"{kind}@{days}", kind=EventKind(kind), at=at, zone="UTC")


def act(kind: str, days: float, *, period: str = "", until: str = "") -> Act:
    last = date.fromisoformat(until) if until else None
    return Act(kind=ActKind(kind), rule="TEST", period=period, at=NOON + days * DAY, until=last)


def read(
    one: ClockRule,
    events: list[RecordedEvent],
    acts: tuple[Act, ...] = (),
    *,
    days: float = 0,
    facts: dict[str, FactValue] | None = None,
    versions: tuple[ClockRule, ...] = (),
) -> list[Reading]:
    as_of = NOON + days * DAY
    case = Circumstances(events=tuple(events), acts=acts, facts=facts or {}, as_of=as_of)
    return derive([one, *versions], case)


def told(readings: list[Reading]) -> Told:
    return [
        (reading.period, reading.state.value, reading.due_on.isoformat() if reading.due_on else "")
        for reading in readings
    ]


def test_a_calendar_that_is_not_there_is_named() -> None:
    counted = rule(kind="business_days", days=5, met_by=["screened"], calendar="lunar")
    with pytest.raises(InvalidInputError, match="There is no calendar “lunar”"):
        read(counted, [event("detained")])


@pytest.mark.parametrize(
    ("start", "last"),
    [
        ("2026-03-01", "2026-03-31"),
        ("2026-01-31", "2026-02-28"),
        ("2026-02-15", "2026-03-14"),
        ("2024-01-30", "2024-02-29"),
    ],
)
def test_a_month_of_which_the_first_day_counts_ends_a_day_earlier(start: str, last: str) -> None:
    month = rule(kind="calendar_months", months=1, met_by=["screened"], first_day_counts=True)
    began = datetime.fromisoformat(f"{start}T12:00:00+00:00")
    assert told(read(month, [event("detained", start=began)])) == [("", "running", last)]


def test_an_extension_to_a_day_before_the_last_one_shortens_nothing() -> None:
    stretched = rule(**DAYS, extension={"text": "As needed."})
    acts = (act("extend", 1, until="2026-06-10"), act("extend", 2, until="2026-08-01"))
    assert told(read(stretched, [event("detained")], acts)) == [("", "running", "2026-08-01")]
    assert told(read(stretched, [event("detained")], acts[:1])) == [("", "running", "2026-07-01")]


def test_hours_move_no_day() -> None:
    stretched = rule(**DAYS, extension={"by": {"hours": 48}, "text": "x"})
    (reading,) = read(stretched, [event("detained")], (act("extend", 1),))
    assert reading.due_on == date(2026, 7, 1)


def test_an_age_that_is_held_can_be_waived() -> None:
    age = rule(kind="age_event", age_years=21)
    born: dict[str, FactValue] = {"date_of_birth": date(2010, 1, 1)}
    assert read(age, [event("detained")], facts=born)[0].state == "held"
    waived = read(age, [event("detained")], (act("waive", 1),), facts=born, days=2)
    assert waived[0].state == "waived"


def test_that_no_deadline_was_found_can_be_waived() -> None:
    nothing = rule(kind="none")
    assert read(nothing, [event("detained")])[0].state == "no_deadline"
    assert read(nothing, [event("detained")], (act("waive", 0),))[0].state == "waived"


def test_what_is_done_after_it_was_closed_meets_it_no_more() -> None:
    closed = rule(**DAYS, ends_with=["released"])
    events = [event("detained"), event("released", 5), event("screened", 6)]
    (reading,) = read(closed, events, days=10)
    assert (reading.state, reading.met_at, reading.late) == ("ended", None, False)


def test_what_is_closed_while_it_is_paused_is_over_and_was_not_missed() -> None:
    paused = rule(**DAYS, **TOLLED, ends_with=["released"])
    events = [event("detained"), event("asylum_delay_begun", 2), event("released", 90)]
    (reading,) = read(paused, events, days=95)
    assert (reading.state, reading.late, reading.paused_at) == (
        "ended",
        False,
        datetime(2026, 6, 3, tzinfo=UTC),
    )


ASSUMED = {
    **DAYS,
    "trigger": {"event": "uac_determined"},
    "fallback": {"event": "detained", "text": "Cannot compute; safe assumption: since then."},
}


@pytest.mark.parametrize(("kind", "state"), [("waive", "waived"), ("meet", "met")])
def test_what_cannot_be_computed_can_still_be_settled_by_hand(kind: str, state: str) -> None:
    (reading,) = read(rule(**ASSUMED), [event("detained")], (act(kind, 3),), days=4)
    assert (reading.state, reading.late, reading.due_at) == (state, False, None)
    assert reading.met_at == (NOON + 3 * DAY if kind == "meet" else None)


def test_a_qualitative_rule_that_is_enjoined_has_no_assumed_day() -> None:
    stayed = {"enjoined": [{"from": "2026-01-01", "case": "A v. B"}]}
    (reading,) = read(
        rule(kind="qualitative", review_every_days=7, **stayed),
        [event("detained"), event("screened", 1)],
    )
    assert (reading.state, reading.assumed_due_at) == ("cannot_compute", None)
    assert reading.steps == ("Enjoined on 2026-06-01: A v. B.",)
    assert "A v. B" in reading.assumption


FROM_MEETING = rule(**YEARLY, recurs="from_meeting")


def test_from_a_meeting_by_hand_the_next_period_runs() -> None:
    acts = (act("meet", 100), act("meet", 300, period="2"))
    assert told(read(FROM_MEETING, [event("detained")], acts, days=301)) == [
        ("", "met", "2027-06-01"),
        ("2", "met", "2027-09-09"),
        ("3", "running", "2028-03-28"),
    ]


def test_a_meeting_that_is_an_event_and_recorded_by_hand_for_the_same_moment_is_one() -> None:
    events = [event("detained"), event("screened", 100)]
    assert told(read(FROM_MEETING, events, (act("meet", 100),), days=101)) == [
        ("", "met", "2027-06-01"),
        ("2", "running", "2027-09-09"),
    ]


def test_a_meeting_after_the_end_starts_no_further_period() -> None:
    ended = rule(**YEARLY, recurs="from_meeting", ends_with=["released"])
    events = [event("detained"), event("released", 5), event("screened", 6)]
    (reading,) = read(ended, events, days=10)
    assert (reading.state, reading.met_at) == ("ended", None)


def test_after_a_waived_period_the_next_one_runs_from_its_last_day() -> None:
    (first, second) = read(FROM_MEETING, [event("detained")], (act("waive", 10),), days=20)
    assert (first.state, second.state) == ("waived", "running")
    assert (second.started_on, second.due_on) == (date(2027, 6, 1), date(2028, 6, 1))


def test_a_clock_with_endless_meetings_comes_to_an_end() -> None:
    met = [event("screened", number) for number in range(1, 400)]
    readings = read(FROM_MEETING, [event("detained"), *met], days=500)
    assert len(readings) < 400
    assert {reading.state for reading in readings} == {"met"}


def test_a_clock_of_days_that_began_centuries_ago_comes_to_an_end() -> None:
    daily = rule(kind="calendar_days", days=1, marks="ends", recurs="from_due")
    assert len(read(daily, [event("detained")], days=4000)) < 400


def test_from_the_day_on_which_a_rule_no_longer_recurs_no_deadline_is_found() -> None:
    until = rule(
        kind="calendar_years", years=1, marks="ends", recurs="from_due", in_force_to="2027-01-01"
    )
    later = rule(kind="none", version="2027-01-02", in_force_from="2027-01-02")
    readings = read(until, [event("detained")], days=3 * 366, versions=(later,))
    assert [(one.state, one.version) for one in readings] == [
        ("ended", "2000-01-01"),
        ("no_deadline", "2027-01-02"),
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({**DAYS, "reaches_running": True}, "reaches_running belongs to a version"),
        (
            {"kind": "none", "reaches_running": True, "in_force_from": None, "in_force_note": "x"},
            "reaches_running belongs to a version",
        ),
        (
            {
                "kind": "qualitative",
                "review_every_days": 7,
                "trigger": {"event": "detained", "occurrence": "each"},
            },
            "each belongs to clocks that count days",
        ),
        (
            {
                **YEARLY,
                "recurs": "from_due",
                "trigger": {"event": "detained", "occurrence": "last"},
            },
            "recur",
        ),
        ({**YEARLY, **TOLLED, "recurs": "from_due"}, "recur"),
        ({**DAYS, "counts": "before", "marks": "opens", "mailing_extra_days": 3}, "run forward"),
        ({**DAYS, "counts": "before", "marks": "opens", "cut_short_by": ["released"]}, "forward"),
    ],
)
def test_what_has_no_meaning_together_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        rule(**wrong)


def test_a_fact_has_words_in_the_language_of_the_reader() -> None:
    fact = next(fact for fact in rows.facts().values() if "es" in fact.translations)
    assert fact.words("es-MX") == fact.words("es") != fact.words("en")
    assert fact.words("xx").label == fact.label

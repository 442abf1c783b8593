"""The clocks beside an oracle: PostgreSQL adds the hours, a walk counts the days one by one."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.domain.calendars import FurtherHoliday, WorkCalendar, WorkDays
from casework.domain.clocks import Act, ActKind, Circumstances, ClockRule, Reading, derive
from casework.domain.events import EventKind, RecordedEvent
from casework.services.seed_rows import of_kind
from tests.properties.clock_cases import KINDS, story_of
from tests.properties.clock_oracle import expected
from tests.properties.clock_story import Hours, Says, Story
from tests.properties.clock_walk import is_closed
from tests.seeds import rows

FULL = bool(os.environ.get("PROVE"))
EXAMPLES = 50_000 if FULL else 60
FEDERAL = next(one for one in of_kind(rows.all_rows(), WorkCalendar) if one.id == "federal")
OPEN = WorkDays(FEDERAL)
STORIES = st.randoms(use_true_random=FULL).map(story_of)
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture(scope="module")
def hours() -> Iterator[Hours]:
    """Elapsed hours as PostgreSQL adds them, in a session of a place whose clocks change."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SET TIME ZONE 'Australia/Lord_Howe'")

        def later(at: datetime, number: int) -> datetime:
            query = "SELECT %s::timestamptz + make_interval(hours => %s)"
            row = connection.execute(query, [at, number], prepare=True).fetchone()
            assert row is not None
            found: datetime = row[0]
            return found

        yield later


def test_every_clock_says_what_the_oracle_says(hours: Hours) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES, suppress_health_check=_SLOW)
    @given(STORIES)
    def agree(story: Story) -> None:
        told = {reading.period: _says(reading) for reading in _readings(story)}
        assert told == expected(story, hours)
        seen["examples"] += 1
        seen[story.versions[0]["kind"]] += 1
        seen.update(f"state {said.state}" for said in told.values())
        seen.update("late" for said in told.values() if said.late)

    agree()
    print(dict(seen.most_common()))  # noqa: T201
    assert seen["examples"] >= EXAMPLES
    if len(KINDS) * 100 < EXAMPLES:
        assert all(seen[kind] >= EXAMPLES / 200 for kind in KINDS)


@settings(max_examples=EXAMPLES // 5, suppress_health_check=_SLOW)
@given(STORIES, st.integers(0, 20_000))
def test_time_alone_changes_a_reading_only_when_it_said_so(story: Story, hour: int) -> None:
    before = _readings(story)
    soonest = min((one.look_again_at for one in before if one.look_again_at), default=None)
    later = story.as_of + timedelta(hours=hour)
    if soonest is not None and later >= soonest:
        later = max(soonest - timedelta(microseconds=1), story.as_of)
    assert _readings(replace(story, as_of=later)) == before


@settings(max_examples=EXAMPLES // 10, suppress_health_check=_SLOW)
@given(STORIES, st.randoms(use_true_random=False))
def test_the_order_in_which_all_is_handed_over_never_matters(story: Story, random: Random) -> None:
    shuffled = replace(
        story,
        versions=random.sample(story.versions, len(story.versions)),
        events=random.sample(story.events, len(story.events)),
        acts=random.sample(story.acts, len(story.acts)),
    )
    assert _readings(shuffled) == _readings(story)


def test_the_holidays_of_seventy_years_are_those_of_the_statute() -> None:
    day, differ = date(1990, 1, 1), []
    while day < date(2060, 12, 31):
        if OPEN.is_business_day(day) is is_closed(day):
            differ.append(day)
        day += timedelta(days=1)
    assert differ == []


def _readings(story: Story) -> list[Reading]:
    versions = [ClockRule.model_validate(one) for one in story.versions]
    case = Circumstances(
        events=tuple(_event(one) for one in story.events),
        as_of=story.as_of,
        facts=story.facts,
        acts=tuple(Act(rule="R", **{**one, "kind": ActKind(one["kind"])}) for one in story.acts),
        calendars={"federal": _work_days(story)},
        agency_zone=story.agency_zone,
    )
    return derive(versions, case)


def _event(one: Mapping[str, Any]) -> RecordedEvent:
    return RecordedEvent(**{**one, "kind": EventKind(str(one["kind"]))})


def _work_days(story: Story) -> WorkDays:
    if not story.closed or all(one.get("calendar") is None for one in story.versions):
        return OPEN
    plain = {"version": "1", "title": "Closed", "citation": "Order", "law_sources": ["s"]}
    plain |= {"certainty": "low", "calendar": "federal"}
    return WorkDays(FEDERAL, [FurtherHoliday(id=str(d), day=d, **plain) for d in story.closed])


def _says(reading: Reading) -> Says:
    found = {one.name: getattr(reading, one.name) for one in fields(Says)}
    return Says(**{**found, "state": reading.state.value})

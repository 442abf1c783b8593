"""Local times become instants, and spans become words."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from casework.web.moments import in_words, instants, local_text, time_left, utc_text

CHICAGO = "America/Chicago"


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (date(2026, 6, 1), time(10), [datetime(2026, 6, 1, 15, tzinfo=UTC)]),
        (date(2026, 3, 8), time(2, 30), []),
        (
            date(2025, 11, 2),
            time(1, 30),
            [datetime(2025, 11, 2, 6, 30, tzinfo=UTC), datetime(2025, 11, 2, 7, 30, tzinfo=UTC)],
        ),
    ],
)
def test_a_local_time_is_one_instant_or_none_or_two(
    day: date, clock: time, expected: list[datetime]
) -> None:
    assert list(instants(day, clock, CHICAGO)) == expected


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=30), "less than a minute"),
        (timedelta(minutes=12), "12 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=3, minutes=20), "3 hours 20 minutes"),
        (timedelta(days=2, hours=3, minutes=20), "2 days 3 hours"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(span: timedelta, words: str) -> None:
    assert in_words(span) == words
    assert in_words(-span) == words


def test_what_is_left_and_what_is_overdue_are_told_apart(at: datetime) -> None:
    assert time_left(at + timedelta(hours=2), at) == "2 hours left"
    assert time_left(at - timedelta(hours=2), at) == "overdue by 2 hours"


def test_a_moment_is_shown_in_both_times(at: datetime) -> None:
    assert local_text(at, CHICAGO) == "Mon 1 Jun 2026, 10:00 CDT"
    assert utc_text(at) == "1 Jun 2026, 15:00 UTC"

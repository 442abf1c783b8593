"""Days and times of a place, where its clocks jump, repeat an hour or skip a day."""

from datetime import date, datetime, time

import pytest

from casework.domain.errors import InvalidInputError
from casework.domain.local_time import (
    at_time_of_day,
    day_of,
    end_of_day,
    instants,
    stamp,
    start_of_day,
    utc,
)


@pytest.mark.parametrize(
    ("day", "zone", "first", "last"),
    [
        ("2026-03-08", "America/New_York", "2026-03-08T05:00:00", "2026-03-09T03:59:59.999999"),
        ("2026-11-01", "America/New_York", "2026-11-01T04:00:00", "2026-11-02T04:59:59.999999"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00", "2018-11-05T01:59:59.999999"),
        ("2010-11-06", "America/St_Johns", "2010-11-06T02:30:00", "2010-11-07T03:29:59.999999"),
        ("2026-04-05", "Pacific/Chatham", "2026-04-04T10:15:00", "2026-04-05T11:14:59.999999"),
        ("2026-06-01", "UTC", "2026-06-01T00:00:00", "2026-06-01T23:59:59.999999"),
    ],
)
def test_a_day_lasts_from_its_first_instant_to_its_last(
    day: str, zone: str, first: str, last: str
) -> None:
    on = date.fromisoformat(day)
    assert start_of_day(on, zone).isoformat() == f"{first}+00:00"
    assert end_of_day(on, zone).isoformat() == f"{last}+00:00"
    assert day_of(end_of_day(on, zone), zone) == on


@pytest.mark.parametrize(
    ("day", "at", "zone", "shown"),
    [
        ("2026-06-01", "09:00", "America/New_York", ["2026-06-01T13:00:00Z"]),
        ("2026-03-08", "02:30", "America/New_York", []),
        (
            "2026-11-01",
            "01:30",
            "America/New_York",
            ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"],
        ),
        ("2011-12-30", "12:00", "Pacific/Apia", []),
    ],
)
def test_a_time_of_day_comes_once_or_twice_or_never(
    day: str, at: str, zone: str, shown: list[str]
) -> None:
    found = instants(date.fromisoformat(day), time.fromisoformat(at), zone)
    assert [stamp(one) for one in found] == shown


def test_a_time_of_day_that_comes_twice_is_the_first_of_the_two() -> None:
    at = at_time_of_day(date(2026, 11, 1), time(1, 30), "America/New_York")
    assert stamp(at) == "2026-11-01T05:30:00Z"


def test_a_moment_without_an_offset_is_no_instant() -> None:
    with pytest.raises(InvalidInputError) as refused:
        utc(datetime(2026, 6, 1))  # noqa: DTZ001
    assert refused.value.problems[0].code == "offset_missing"

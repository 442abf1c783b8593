"""What somebody types to compute a clock by hand: read exactly, or refused at its place."""

from datetime import date, datetime

import pytest

from casework.domain.circumstances import ActKind
from casework.domain.clock_arguments import near, read_acts, read_events, read_facts, read_when
from casework.domain.clock_rules import ClockRule
from casework.domain.errors import InvalidInputError
from casework.domain.events import EventKind
from tests.seeds import rows

NEW_YORK, CHICAGO = "America/New_York", "America/Chicago"
CLOCKS = rows.clocks()


def versions(rule: str) -> list[ClockRule]:
    return [one for one in CLOCKS if one.id == rule]


def refusal(error: pytest.ExceptionInfo[InvalidInputError]) -> tuple[str, str]:
    (problem,) = error.value.problems
    return problem.pointer, problem.code


@pytest.mark.parametrize(
    ("text", "zone", "at", "there"),
    [
        ("2026-03-07T10:00:00-06:00", None, "2026-03-07T16:00:00+00:00", "Etc/GMT+6"),
        ("2026-03-07T10:00:00-06:00", CHICAGO, "2026-03-07T16:00:00+00:00", CHICAGO),
        ("2026-03-07T10:00:00+14:00", None, "2026-03-06T20:00:00+00:00", "Etc/GMT-14"),
        ("2026-03-07t10:00:00z", None, "2026-03-07T10:00:00+00:00", "UTC"),
        ("2026-03-07 10:00+05:30", "Asia/Kolkata", "2026-03-07T04:30:00+00:00", "Asia/Kolkata"),
        ("2026-03-07T10:00", CHICAGO, "2026-03-07T16:00:00+00:00", CHICAGO),
        ("2016-12-31T23:59:60Z", None, "2017-01-01T00:00:00+00:00", "UTC"),
        ("2016-12-31T18:59:60-05:00", None, "2017-01-01T00:00:00+00:00", "UTC"),
    ],
)
def test_a_moment_is_read_to_the_second(text: str, zone: str | None, at: str, there: str) -> None:
    when = read_when(text, zone, "/event/0")
    assert (when.at.isoformat(), when.zone, when.note, when.day_only) == (at, there, "", False)


@pytest.mark.parametrize(
    ("text", "zone", "at", "there"),
    [
        ("2026-03-08", CHICAGO, "2026-03-08T17:00:00+00:00", CHICAGO),
        ("2026-03-08", None, "2026-03-08T16:00:00+00:00", NEW_YORK),
        ("2011-12-30", "Pacific/Apia", "2011-12-30T12:00:00+00:00", "Pacific/Apia"),
    ],
)
def test_a_day_alone_is_that_day_in_the_place_and_says_that_it_is_a_day(
    text: str, zone: str | None, at: str, there: str
) -> None:
    when = read_when(text, zone, "/event/0")
    assert (when.at.isoformat(), when.zone, when.day_only) == (at, there, True)


@pytest.mark.parametrize(
    ("text", "zone", "at", "shown"),
    [
        ("2026-11-01T01:30", NEW_YORK, "2026-11-01T05:30:00+00:00", "2026-11-01T01:30:00-04:00"),
        (
            "2026-04-05T01:45",
            "Australia/Lord_Howe",
            "2026-04-04T14:45:00+00:00",
            "2026-04-05T01:45:00+11:00",
        ),
    ],
)
def test_of_a_time_that_came_twice_the_earlier_counts_and_that_is_said(
    text: str, zone: str, at: str, shown: str
) -> None:
    when = read_when(text, zone, "/event/0")
    assert when.at.isoformat() == at
    assert when.note == f"{text}:00 came twice in {zone}; the earlier one counts: {shown}."


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-03-08T02:30", NEW_YORK, ("/event/0", "skipped")),
        ("2011-12-30T10:00", "Pacific/Apia", ("/event/0", "skipped")),
        ("2026-03-07T10:00", None, ("/event/0", "no_offset")),
        ("2026-03-07T10:00:00+05:30", None, ("/event/0", "no_zone")),
        ("2026-03-07T10:00:00-03:30", None, ("/event/0", "no_zone")),
        ("2026-03-07T10:00:00Z", "Mars/Olympus", ("/zone", "unknown_zone")),
        ("yesterday", NEW_YORK, ("/event/0", "not_a_moment")),
        ("2026-02-29", NEW_YORK, ("/event/0", "not_a_moment")),
        ("2026-13-01", NEW_YORK, ("/event/0", "not_a_moment")),
        ("2026-03-07T25:00Z", None, ("/event/0", "not_a_moment")),
        ("2026-03-07T10:00:60Z", None, ("/event/0", "not_a_moment")),
        ("9999-12-31T23:59:60Z", None, ("/event/0", "not_a_moment")),
        ("2016-12-31T23:59:60", None, ("/event/0", "no_offset")),
        ("1899-12-31", NEW_YORK, ("/event/0", "out_of_range")),
        ("2201-01-01T00:00:00Z", None, ("/event/0", "out_of_range")),
        ("0001-01-01T00:00:00+05:00", None, ("/event/0", "out_of_range")),
        ("9999-12-31T23:00", "Pacific/Honolulu", ("/event/0", "out_of_range")),
    ],
)
def test_what_is_no_moment_is_refused_at_its_place(
    text: str, zone: str | None, expected: tuple[str, str]
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_when(text, zone, "/event/0")
    assert refusal(refused) == expected


def test_events_keep_their_order_and_what_was_assumed_is_told() -> None:
    given = ["rfe_served = 2026-06-01", "rfe_answered=2026-11-01T01:30"]
    events, notes = read_events(given, NEW_YORK, by_mail=True, to_the_hour=False)
    assert [(event.ref, event.seq, event.by_mail) for event in events] == [
        ("rfe_served-1", 0, True),
        ("rfe_answered-2", 1, True),
    ]
    assert (events[0].kind, events[0].zone) == (EventKind.RFE_SERVED, NEW_YORK)
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("rfe_served", "wrong_shape", "“rfe_served” must read NAME=WHEN."),
        ("=2026-06-01", "wrong_shape", "must read NAME=WHEN."),
        ("rfe_served= ", "wrong_shape", "must read NAME=WHEN."),
        ("rfe_serve=2026-06-01", "not_an_option", "Did you mean rfe_served"),
        ("abducted=2026-06-01", "not_an_option", "There is no event “abducted”."),
        ("rfe_served=2026-06-01", "no_time", "give the time of day as well."),
    ],
)
def test_an_event_that_cannot_be_read_is_refused_and_a_near_miss_is_named(
    text: str, code: str, said: str
) -> None:
    good = "uac_determined=2026-06-01T10:00Z"
    with pytest.raises(InvalidInputError, match=said) as refused:
        read_events([good, text], None, by_mail=None, to_the_hour=True)
    assert refusal(refused) == ("/event/1", code)


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("U-CERT-6", ["U-CERT-6M", "RFE-84"], " Did you mean U-CERT-6M?"),
        ("screned", ["screened", "screening"], " Did you mean screened or screening?"),
        ("xyz", ["screened"], ""),
    ],
)
def test_a_name_that_is_close_to_known_ones_is_asked_about(
    name: str, known: list[str], said: str
) -> None:
    assert near(name, known) == said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("in_custody=true", True),
        ("in_custody=YES", True),
        ("in_custody=0", False),
        ("date_of_birth=2008-02-29", date(2008, 2, 29)),
        ("visa_class=H-2A", "H-2A"),
    ],
)
def test_a_fact_has_the_type_that_the_vocabulary_gives_it(text: str, value: object) -> None:
    facts, by_mail = read_facts([text], rows.facts())
    assert (list(facts.values()), by_mail) == ([value], None)


def test_a_number_is_a_number() -> None:
    code = next(code for code, fact in rows.facts().items() if fact.type == "integer")
    assert read_facts([f"{code}=3"], rows.facts()) == ({code: 3}, None)


@pytest.mark.parametrize(("text", "expected"), [("true", True), ("No", False), ("1", True)])
def test_whether_it_came_by_post_is_said_of_the_events(text: str, expected: bool) -> None:
    assert read_facts([f"served_by_mail={text}"], rows.facts()) == ({}, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in_custody", ("/fact/0", "wrong_shape")),
        ("in_custdy=true", ("/fact/0", "not_an_option")),
        ("served_by_mail=perhaps", ("/fact/0", "not_a_boolean")),
    ],
)
def test_a_fact_that_cannot_be_read_is_refused(text: str, expected: tuple[str, str]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_facts([text], rows.facts())
    assert refusal(refused) == expected


@pytest.mark.parametrize(
    "text", ["in_custody=maybe", "date_of_birth=2006-02-29", "visa_class=no-such"]
)
def test_a_value_that_does_not_fit_is_refused_at_its_place(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_facts([text], rows.facts())
    assert refused.value.problems[0].pointer == "/fact/0"


def test_acts_are_read_with_the_last_day_where_the_rule_names_no_length() -> None:
    given = ["extend=2026-06-02/2031-01-31", "waive=2026-06-03T10:00-04:00"]
    extend, waive = read_acts(given, versions("U-DURATION"), NEW_YORK)
    assert (extend.kind, extend.until, extend.rule) == (
        ActKind.EXTEND,
        date(2031, 1, 31),
        "U-DURATION",
    )
    assert (waive.kind, waive.at) == (
        ActKind.WAIVE,
        datetime.fromisoformat("2026-06-03T14:00:00+00:00"),
    )


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("CHILD-INTERIM-90", "extend=2026-06-02"),
        ("ASYLUM-EAD-150", "pause=2026-06-02"),
        ("ASYLUM-EAD-150", "resume=2026-06-02"),
        ("DETENTION-REVIEW", "review=2026-06-02"),
        ("UAC-TRANSFER-72H", "meet=2026-06-02"),
        ("UAC-TRANSFER-72H", "exception=2026-06-02"),
    ],
)
def test_an_act_for_which_the_rule_gives_a_ground_is_read(rule: str, text: str) -> None:
    (act,) = read_acts([text], versions(rule), NEW_YORK)
    assert act.kind == text.partition("=")[0]


@pytest.mark.parametrize(
    ("rule", "text", "code"),
    [
        ("U-DURATION", "forget=2026-06-02", "not_an_option"),
        ("U-DURATION", "extend", "wrong_shape"),
        ("U-DURATION", "extend=2026-06-02/soon", "not_a_day"),
        ("U-DURATION", "extend=2026-06-02", "wrong_last_day"),
        ("CHILD-INTERIM-90", "extend=2026-06-02/2027-01-01", "wrong_last_day"),
        ("UAC-TRANSFER-72H", "waive=2026-06-02/2027-01-01", "wrong_last_day"),
        ("U-CERT-6M", "extend=2026-06-02/2027-01-01", "no_ground"),
        ("U-CERT-6M", "pause=2026-06-02", "no_ground"),
        ("U-CERT-6M", "resume=2026-06-02", "no_ground"),
        ("U-CERT-6M", "review=2026-06-02", "no_ground"),
        ("U-CERT-6M", "waive=someday", "not_a_moment"),
    ],
)
def test_an_act_without_a_ground_or_a_moment_is_refused(rule: str, text: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_acts([text], versions(rule), NEW_YORK)
    assert refusal(refused) == ("/act/0", code)

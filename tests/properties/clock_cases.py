"""Rules of every kind that the schema allows, and what may happen around them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from hypothesis import strategies as st

from tests.properties.clock_story import UNITS, Story

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
ODD = ["Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati"]
ODD += ["America/New_York", "America/St_Johns", "America/Havana", "America/Santiago"]
ODD += ["America/Nuuk", "Asia/Beirut", "Pacific/Kwajalein", "Antarctica/Troll"]
STARTS = ("uac_determined", "cp_authorized", "removal_scheduled", "hhs_letter_issued")
MEETS = ("screened", "custody_transferred", "cp_renewed")
ENDS = ("cp_ended", "t_status_expires", "released")
STOPS, GOES_ON = "asylum_delay_begun", ("asylum_delay_ended", "asylum_decided")
OTHERS = (STOPS, *GOES_ON, "investigation_completed", "apprehended", "removal_cancelled")
AFTER = ("elapsed_hours", *UNITS)
KINDS = (*AFTER, *AFTER, *AFTER, "age_event", "status_window", "qualitative", "none")
KINDS += ("quarter", "half_year", "fiscal_year")
_TURNS = [
    *(datetime(year, month, day, 11, 59, 59, tzinfo=UTC) for year, month, day in [(2011, 12, 27)]),
    *(datetime(1994, 12, 30, hour, tzinfo=UTC) for hour in (9, 12)),
    *(datetime(year, 2, 28, 23, 30, tzinfo=UTC) for year in (1999, 2000, 2023, 2024)),
    *(datetime(2024, month, 31, 4, 59, tzinfo=UTC) for month in (1, 3, 5, 8, 10, 12)),
    datetime(2026, 3, 7, 15, tzinfo=UTC),
    datetime(2026, 10, 31, 22, 30, tzinfo=UTC),
    datetime(2021, 6, 16, 12, tzinfo=UTC),
    datetime(2010, 11, 3, 2, 45, tzinfo=UTC),
]
_INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2058, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
_NUMBERS = {
    "elapsed_hours": st.sampled_from([1, 24, 48, 72, 100, 999]),
    "calendar_days": st.integers(1, 200),
    "business_days": st.integers(1, 40),
    "calendar_months": st.integers(1, 24),
    "calendar_years": st.integers(1, 6),
}
_LENGTH = {"elapsed_hours": 1 / 24, "calendar_days": 1, "business_days": 1.45}
_LENGTH |= {"calendar_months": 30.44, "calendar_years": 365.25}
_PLAIN = {
    "id": "R",
    "version": "1",
    "title": "A clock",
    "citation": "1 USC 1",
    "law_sources": ["s"],
    "certainty": "low",
    "binds": "Somebody",
    "rungs": "days",
    "in_force_note": "Long-standing.",
}
_LENGTHS = st.sampled_from([None, {"days": 30}, {"months": 1}, {"years": 1}, {"hours": 5}])


def some(*values: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401
    """One of the values."""
    return st.sampled_from(values)


def _subset(kinds: tuple[str, ...], at_least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(kinds), min_size=at_least, max_size=2, unique=True)


@st.composite
def _triggers(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    hours = kind == "elapsed_hours"
    report = kind in ("quarter", "half_year", "fiscal_year")
    shape = draw(
        some("event", "earliest_of") if hours else some("event", "earliest_of", "latest_of")
    )
    which = draw(some("first", "last", "each"))
    one: dict[str, Any] = {} if hours or report else {"occurrence": which}
    if shape == "event":
        return {"event": draw(st.sampled_from(STARTS)), **one}
    kinds = draw(_subset((*STARTS, "turned_eighteen"), 1))
    return {shape: kinds, **one}


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """One rule as it would be written in a seed."""
    kind = draw(st.sampled_from(KINDS))
    rule = {**_PLAIN, "kind": kind, "trigger": draw(_triggers(kind))}
    rule |= {"zone": draw(some("event", "agency")), "ends_with": draw(_subset(ENDS))}
    rule |= {"met_by": draw(_subset(MEETS)), "one_meets": draw(some("earliest", "all"))}
    rule |= draw(some({}, {}, {}, {"only_if": {"fact": "visa_class", "is": "A-3"}}))
    if "only_if" in rule:
        rule["only_when_known"] = draw(st.booleans())
    if kind in AFTER:
        rule |= draw(_counted(kind, rule))
    elif kind == "age_event":
        rule["age_years"] = draw(some(1, 15, 18, 21))
    elif kind == "qualitative":
        rule["review_every_days"] = draw(some(1, 14, 90))
    elif kind == "status_window":
        rule["ends_with"] = draw(_subset(ENDS, 1))
    elif kind != "none":
        rule["window"] = draw(_windows)
        rule |= draw(some({}, {"cap": 5000})) if kind == "fiscal_year" else {}
    return rule


_windows = st.fixed_dictionaries(
    {"fiscal": st.booleans()}, optional={"due_offset_days": st.integers(0, 60)}
)


@st.composite
def _counted(draw: st.DrawFn, kind: str, rule: dict[str, Any]) -> dict[str, Any]:
    """The amount, and with it whatever else belongs to counting that kind."""
    more: dict[str, Any] = {UNITS.get(kind, "hours"): draw(_NUMBERS[kind])}
    if draw(some(True, False, False)):
        more["fallback"] = {"event": "apprehended", "text": "At the latest."}
    marks = draw(some("due", "due", "opens", "ends")) if kind != "elapsed_hours" else "due"
    more["met_by"] = rule["met_by"] or (["screened"] if marks == "due" else [])
    if kind == "elapsed_hours":
        return more
    more |= {"marks": marks, "first_day_counts": draw(st.booleans())}
    roll = draw(some("none", "next_business_day"))
    if kind == "business_days" or roll != "none":
        more |= {"roll": roll, "calendar": "federal"}
    if marks == "opens" and draw(some(True, False, False)):
        return more | {"counts": "before"}
    if draw(some(True, False, False, False)) and kind in ("calendar_months", "calendar_years"):
        return more | draw(_recurring(more))
    return more | draw(_stretched)


@st.composite
def _recurring(draw: st.DrawFn, more: dict[str, Any]) -> dict[str, Any]:
    how = draw(some("from_meeting", "from_due"))
    again: dict[str, Any] = {
        "recurs": how,
        "first_day_counts": False,
        "marks": draw(some("due", "ends")),
    }
    again |= {"roll": "none", "calendar": None} if how == "from_due" else {}
    kinds = ["cp_authorized", draw(some("screened", "cp_renewed"))]
    again["met_by"] = kinds[1:]
    again["trigger"] = draw(some({"event": "cp_authorized"}, {"latest_of": kinds}))
    if how == "from_due":
        again["trigger"] = {"event": "cp_authorized"}
        again["months" if "months" in more else "years"] = draw(
            some(6, 12) if "months" in more else some(1, 2)
        )
    return again


_stretched = st.fixed_dictionaries(
    {},
    optional={
        "mailing_extra_days": some(3, 5),
        "cut_short_by": st.just(["investigation_completed"]),
        "tolling": some(
            [{"from": STOPS, "to": [GOES_ON[0]], "text": "t"}],
            [{"from": STOPS, "to": list(GOES_ON), "text": "t"}],
        ),
        "extension": st.fixed_dictionaries({}, optional={"by": _LENGTHS.filter(bool)}),
    },
)


@st.composite
def _versions(draw: st.DrawFn, at: datetime) -> list[dict[str, Any]]:
    """The rule, or two versions of it that meet near the first event."""
    rule = draw(rules())
    if draw(some(True, True, False)) or rule.get("recurs"):
        return [rule | draw(_orders(at))]
    change = at.date() + timedelta(days=draw(st.integers(-3, 3)))
    newer = {**rule, "version": "2", "in_force_from": change}
    del newer["in_force_note"]
    unit = UNITS.get(rule["kind"], "hours")
    if rule["kind"] in AFTER:
        newer[unit] = draw(_NUMBERS[rule["kind"]])
    before = change - timedelta(days=draw(some(1, 1, 5)))
    return [rule | {"in_force_to": before} | draw(_orders(at)), newer]


def _orders(at: datetime) -> st.SearchStrategy[dict[str, Any]]:
    near = [at.date() + timedelta(days=days) for days in (-1, 0, 1)]
    stopped = [{"from": near[0], "case": "A v. B"}, {"from": near[1], "to": near[1], "case": "C"}]
    return some({}, {}, {}, {}, {"enjoined": stopped[:1]}, {"enjoined": stopped})


@st.composite
def _happened(draw: st.DrawFn, at: datetime, rule: dict[str, Any], zones: list[str]) -> list[Any]:
    """The first event, and others near it, near its moment, or anywhere in some years."""
    number = rule.get(UNITS.get(rule["kind"], "hours")) or 90
    span = timedelta(days=number * _LENGTH.get(rule["kind"], 1))
    hours = st.integers(-60, 60).map(lambda hour: timedelta(hours=hour, minutes=hour % 4 * 15))
    shift = st.one_of(
        hours,
        hours.map(lambda near: span + near),
        st.integers(-30, 900).map(lambda day: timedelta(days=day, hours=day % 24)),
    )
    start = rule["trigger"].get("event") or draw(some(*_kinds(rule["trigger"])))
    kinds = [start, *draw(st.lists(st.sampled_from(_pool(rule)), max_size=6))]
    if draw(some(*[False] * 7, True)):
        kinds[0] = "apprehended"
    events = []
    for number, kind in enumerate(kinds):
        event = {"ref": f"e{number}", "kind": kind, "zone": draw(st.sampled_from(zones))}
        event |= {"at": at + draw(shift) if number else at, "seq": number}
        events.append(event | {"by_mail": draw(some(None, True, False))})
    return events


def _kinds(trigger: dict[str, Any]) -> list[str]:
    found: list[str] = trigger.get("earliest_of") or trigger.get("latest_of") or []
    return found or [trigger["event"]]


def _pool(rule: dict[str, Any]) -> list[str]:
    """What is worth recording beside the first event, the likelier the more often in the list."""
    pool = [*_kinds(rule["trigger"])] * 2 + rule["met_by"] * 3 + rule.get("ends_with", [])
    pool += rule.get("cut_short_by", []) * 2 + ["removal_cancelled"]
    for tolling in rule.get("tolling", []):
        pool += [tolling["from"]] * 3 + tolling["to"] * 2
    return pool


@st.composite
def _deeds(draw: st.DrawFn, events: list[Any], rule: dict[str, Any]) -> list[dict[str, Any]]:
    """What people did about the periods that these events can have started."""
    each = rule["trigger"].get("occurrence") == "each"
    names = [f"event:{one['ref']}" for one in events] if each else ["", "", "2"]
    kinds = ["meet", "waive", "review", "exception"]
    kinds += ["pause", "pause", "resume", "resume"] if rule.get("tolling") else []
    kinds += ["extend"] * 4 if rule.get("extension") is not None else []
    acts = []
    for _ in range(draw(some(0, 0, 1, 2, 3))):
        kind = draw(st.sampled_from(kinds))
        at = draw(st.sampled_from(events))["at"] + timedelta(hours=draw(st.integers(0, 2000)))
        act = {"kind": kind, "period": draw(st.sampled_from(names)), "at": at}
        if kind == "extend" and not rule["extension"].get("by"):
            act["until"] = at.date() + timedelta(days=draw(st.integers(1, 400)))
        acts.append(act)
    return acts


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A clock in one or two versions, and a case with whatever happened and was done."""
    turns = st.builds(
        lambda turn, minutes: turn + timedelta(minutes=minutes),
        st.sampled_from(_TURNS),
        st.integers(-2000, 2000),
    )
    at = draw(st.one_of(_INSTANTS, turns))
    zones = draw(st.lists(st.one_of(some(*ZONES), some(*ODD)), min_size=1, max_size=2))
    versions = draw(_versions(at))
    events = draw(_happened(at, versions[0], zones))
    facts: dict[str, Any] = draw(some({}, {"visa_class": "A-3"}, {"visa_class": "B-2"}))
    if draw(st.booleans()):
        facts |= {"date_of_birth": _born(at, draw(st.integers(-400, 8000)))}
    last = max(event["at"] for event in events)
    later = timedelta(hours=draw(some(0, 1, 30, 700, 9000)))
    return Story(
        versions=versions,
        events=events,
        facts=facts,
        acts=draw(_deeds(events, versions[0])),
        as_of=(last if draw(some(True, True, False)) else at) + later,
        closed=draw(st.frozensets(_closed_days(at), max_size=1)),
        agency_zone=draw(some("America/New_York", "America/Chicago", *zones)),
    )


def _born(at: datetime, days: int) -> date:
    """Some days before the event; on 29 February now and then."""
    day = at.date() - timedelta(days=days)
    leap = day.year % 4 == 0 and day.year != 1900
    return date(day.year, 2, 29) if leap and days % 3 == 0 else day


def _closed_days(at: datetime) -> st.SearchStrategy[date]:
    return st.integers(1, 60).map(lambda days: at.date() + timedelta(days=days))

"""Rules of every kind that the schema allows, and what may happen around them.

Everything is chosen by the random numbers handed in: in the small run hypothesis makes each of
them, and shrinks what it finds; in the large one it makes their seed, which is ten times as fast.
"""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import available_timezones

from tests.properties.clock_story import UNITS, Story

Row = dict[str, Any]
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
ODD = ["Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati"]
ODD += ["America/New_York", "America/St_Johns", "America/Havana", "America/Santiago"]
ODD += ["America/Nuuk", "Asia/Beirut", "Pacific/Kwajalein", "Antarctica/Troll"]
STARTS = ("uac_determined", "cp_authorized", "removal_scheduled", "hhs_letter_issued")
MEETS = ("screened", "custody_transferred", "cp_renewed")
ENDS = ("cp_ended", "t_status_expires", "released")
STOPS, GOES_ON = "asylum_delay_begun", ("asylum_delay_ended", "asylum_decided")
REPORTS = ("quarter", "half_year", "fiscal_year")
BY_MONTH = ("calendar_months", "calendar_years")
AFTER = ("elapsed_hours", *UNITS)
KINDS = (*AFTER, *AFTER, *AFTER, "age_event", "status_window", "qualitative", "none", *REPORTS)
_YEARS = (1990, 2058)
_TURNS = [
    datetime(2011, 12, 27, 11, 59, 59, tzinfo=UTC),  # Apia skips the 30th
    datetime(1994, 12, 30, 9, tzinfo=UTC),  # Kiritimati skips a day
    *(datetime(year, 2, 28, 23, 30, tzinfo=UTC) for year in (1999, 2000, 2023, 2024)),
    *(datetime(2024, month, 31, 4, 59, tzinfo=UTC) for month in (1, 3, 5, 8, 10, 12)),
    datetime(2026, 3, 7, 15, tzinfo=UTC),
    datetime(2026, 10, 31, 22, 30, tzinfo=UTC),
    datetime(2021, 6, 16, 12, tzinfo=UTC),
    datetime(2010, 11, 3, 2, 45, tzinfo=UTC),
]
_NUMBERS = {
    "elapsed_hours": [1, 24, 48, 72, 100, 999],
    "calendar_days": range(1, 200),
    "business_days": range(1, 40),
    "calendar_months": range(1, 24),
    "calendar_years": range(1, 6),
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
_TOLLING = [
    [{"from": STOPS, "to": [GOES_ON[0]], "text": "t"}],
    [{"from": STOPS, "to": list(GOES_ON), "text": "t"}],
]
_ONLY_BY_DATE: tuple[str, ...] = (
    "first_day_counts",
    "roll",
    "calendar",
    "mailing_extra_days",
    "tolling",
)
_ONLY_BY_DATE += ("extension", "recurs", "cut_short_by", "marks", "counts")


def story_of(random: Random) -> Story:
    """A clock in one or two versions, and a case with whatever happened and was done."""
    at = _instant(random)
    zones = [random.choice(random.choice([ZONES, ODD])) for _ in range(random.choice([1, 2]))]
    versions = _versions(random, at)
    events = _happened(random, at, versions[0], zones)
    facts: Row = random.choice([{}, {"visa_class": "A-3"}, {"visa_class": "B-2"}])
    if random.choice([True, False]):
        facts = facts | {"date_of_birth": _born(at, random.randint(-400, 8000))}
    last = random.choice([at, *[max(event["at"] for event in events)] * 2])
    closed = [at.date() + timedelta(days=random.randint(1, 60))] * random.choice([0, 0, 1])
    return Story(
        versions=versions,
        events=events,
        facts=facts,
        acts=_deeds(random, events, versions[0]),
        as_of=last + timedelta(hours=random.choice([0, 1, 30, 700, 9000])),
        closed=frozenset(closed),
        agency_zone=random.choice(["America/New_York", "America/Chicago", *zones]),
    )


def _instant(random: Random) -> datetime:
    """Any of the seventy years, or near a day on which something is odd."""
    if random.choice([True, False]):
        return random.choice(_TURNS) + timedelta(minutes=random.randint(-2000, 2000))
    day = date(random.randint(*_YEARS), 1, 1) + timedelta(days=random.randint(0, 364))
    seconds = timedelta(seconds=random.randint(0, 86_399), microseconds=random.choice([0, 1, 999]))
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + seconds


def _some(random: Random, kinds: tuple[str, ...], least: int = 0) -> list[str]:
    return random.sample(kinds, random.randint(least, 2))


def _trigger(random: Random, kind: str) -> Row:
    hours = kind == "elapsed_hours"
    shapes = ["event", "earliest_of"] if hours else ["event", "earliest_of", "latest_of"]
    each = ["each"] if kind in UNITS else []
    shape, one = random.choice(shapes), random.choice(["first", "last", *each])
    more: Row = {} if hours or kind in REPORTS else {"occurrence": one}
    if shape == "event":
        return {"event": random.choice(STARTS), **more}
    return {shape: _some(random, (*STARTS, "turned_eighteen"), 1), **more}


def _rule(random: Random) -> Row:
    """One rule as it would be written in a seed."""
    kind = random.choice(KINDS)
    rule: Row = {**_PLAIN, "kind": kind, "trigger": _trigger(random, kind)}
    rule |= {"zone": random.choice(["event", "agency"]), "ends_with": _some(random, ENDS)}
    rule |= {"met_by": _some(random, MEETS), "one_meets": random.choice(["earliest", "all"])}
    if random.randint(0, 3) == 0:
        only_if = {"fact": "visa_class", "is": "A-3"}
        rule |= {"only_if": only_if, "only_when_known": random.choice([True, False])}
    if kind in AFTER:
        return rule | _counted(random, kind, rule)
    return rule | _uncounted(random, kind)


def _uncounted(random: Random, kind: str) -> Row:
    """What belongs to kinds that count no time from their trigger."""
    if kind == "age_event":
        return {"age_years": random.choice([1, 15, 18, 21])}
    if kind == "qualitative":
        return {"review_every_days": random.choice([1, 14, 90])}
    if kind == "status_window":
        return {"ends_with": _some(random, ENDS, 1)}
    if kind == "none":
        return {}
    window: Row = {"fiscal": random.choice([True, False])}
    window |= random.choice([{}, {"due_offset_days": random.randint(0, 60)}])
    cap = {"cap": 5000} if kind == "fiscal_year" and random.choice([True, False]) else {}
    return {"window": window, **cap}


def _counted(random: Random, kind: str, rule: Row) -> Row:
    """The amount, and with it whatever else belongs to counting that kind."""
    hours = kind == "elapsed_hours"
    marks = "due" if hours else random.choice(["due", "due", "opens", "ends"])
    more: Row = {UNITS.get(kind, "hours"): random.choice(_NUMBERS[kind])}
    more["met_by"] = rule["met_by"] or (["screened"] if marks == "due" else [])
    if random.randint(0, 2) == 0:
        more["fallback"] = {"event": "apprehended", "text": "At the latest."}
    if hours:
        return more
    more |= {"marks": marks, "first_day_counts": random.choice([True, False])}
    roll = random.choice(["none", "next_business_day"])
    if kind == "business_days" or roll != "none":
        more |= {"roll": roll, "calendar": "federal"}
    if marks != "ends" and random.randint(0, 2) == 0:
        return (
            more | {"counts": "before"} | ({"first_day_counts": False} if kind in BY_MONTH else {})
        )
    if kind in BY_MONTH and random.randint(0, 2) == 0:
        return more | _recurring(random, kind)
    return more | _stretched(random)


def _recurring(random: Random, kind: str) -> Row:
    """A period that comes back, from the meeting of the one before or on its anniversary."""
    meets = [random.choice(["screened", "cp_renewed"])]
    plain: Row = {"first_day_counts": False, "marks": random.choice(["due", "ends"])}
    if random.choice([True, False]):
        either = [{"event": "cp_authorized"}, {"latest_of": ["cp_authorized", *meets]}]
        trigger = random.choice(either)
        return plain | {"recurs": "from_meeting", "met_by": meets, "trigger": trigger}
    met_by: Row = (
        {} if plain["marks"] == "ends" and random.choice([True, False]) else {"met_by": meets}
    )
    number = random.choice([6, 12]) if kind == "calendar_months" else random.choice([1, 2])
    plain |= {UNITS[kind]: number, "roll": "none", "calendar": None}
    return plain | {"recurs": "from_due", "trigger": {"event": "cp_authorized"}} | met_by


def _stretched(random: Random) -> Row:
    """What makes a period longer or shorter."""
    length = random.choice([{"days": 30}, {"months": 1}, {"years": 1}, {"hours": 5}])
    every = {
        "mailing_extra_days": random.choice([3, 5]),
        "cut_short_by": ["investigation_completed"],
        "tolling": random.choice(_TOLLING),
        "extension": random.choice([{}, {"by": length}]),
    }
    return {name: value for name, value in every.items() if random.choice([True, False])}


def _versions(random: Random, at: datetime) -> list[Row]:
    """The rule, or two versions of it that meet near the first event."""
    rule, orders = _rule(random), _orders(random, at)
    if rule.get("recurs") or random.randint(0, 2):
        return [rule | orders]
    change = at.date() + timedelta(days=random.randint(-3, 3))
    newer = {**rule, "version": "2", "in_force_from": change}
    del newer["in_force_note"]
    unit = UNITS.get(rule["kind"], "hours")
    if rule["kind"] in AFTER and random.randint(0, 3) == 0:
        trigger = {**rule["trigger"], "occurrence": "first"}
        newer |= {"kind": "none", "reaches_running": True, "trigger": trigger}
        for name in (unit, "fallback", *_ONLY_BY_DATE):
            newer.pop(name, None)
    elif rule["kind"] in AFTER:
        newer[unit] = random.choice(_NUMBERS[rule["kind"]])
    before = change - timedelta(days=random.choice([1, 1, 5]))
    return [rule | {"in_force_to": before} | orders, newer]


def _orders(random: Random, at: datetime) -> Row:
    """Now and then a court keeps the rule from being applied."""
    near = [at.date() + timedelta(days=days) for days in (-1, 0)]
    stopped = [{"from": near[1], "to": near[1], "case": "C"}, {"from": near[0], "case": "A v. B"}]
    return {"enjoined": stopped[: random.choice([1, 2])]} if random.randint(0, 5) == 0 else {}


def _happened(random: Random, at: datetime, rule: Row, zones: list[str]) -> list[Row]:
    """The first event, and others near it, near its moment, or anywhere in some years."""
    amount = rule.get(UNITS.get(rule["kind"], "hours")) or 90
    span = timedelta(days=amount * _LENGTH.get(rule["kind"], 1))
    kinds = [random.choice(_kinds(rule["trigger"]))]
    kinds += [random.choice(_pool(rule)) for _ in range(random.randint(0, 6))]
    if random.randint(0, 7) == 0:
        kinds[0] = "apprehended"
    return [
        {
            "ref": f"e{number}",
            "kind": kind,
            "zone": random.choice(zones),
            "at": at + _shift(random, span) if number else at,
            "seq": number,
            "by_mail": random.choice([None, True, False]),
            "lineage": random.choice(["", "", f"r{number}"]),
        }
        for number, kind in enumerate(kinds)
    ]


def _shift(random: Random, span: timedelta) -> timedelta:
    how, hour = random.choice(["near", "exactly", "due", "far"]), random.randint(-60, 60)
    if how == "far":
        return timedelta(days=random.randint(-30, 900), hours=hour)
    near = timedelta(hours=hour, minutes=hour % 4 * 15)
    return near if how == "near" else span + (near if how == "due" else timedelta())


def _kinds(trigger: Row) -> list[str]:
    found: list[str] = [*trigger.get("earliest_of", ()), *trigger.get("latest_of", ())]
    return found or [str(trigger["event"])]


def _pool(rule: Row) -> list[str]:
    """What is worth recording beside the first event, the likelier the more often in the list."""
    pool: list[str] = (
        [*_kinds(rule["trigger"])] * 2 + rule["met_by"] * 3 + rule.get("ends_with", [])
    )
    pool += rule.get("cut_short_by", []) * 2 + ["removal_cancelled"]
    for tolling in rule.get("tolling", []):
        pool += [tolling["from"]] * 3 + tolling["to"] * 2
    return pool


def _deeds(random: Random, events: list[Row], rule: Row) -> list[Row]:
    """What people did about the periods that these events can have started."""
    each = rule["trigger"].get("occurrence") == "each"
    names = [f"event:{one['lineage'] or one['ref']}" for one in events] if each else ["", "", "2"]
    kinds = ["meet", "waive", "review", "exception"]
    kinds += ["pause", "pause", "resume", "resume"] if rule.get("tolling") else []
    kinds += ["extend"] * 4 if rule.get("extension") is not None else []
    acts = []
    for _ in range(random.choice([0, 0, 1, 2, 3])):
        kind = random.choice(kinds)
        at = random.choice(events)["at"] + timedelta(hours=random.randint(0, 2000))
        act = {"kind": kind, "period": random.choice(names), "at": at}
        if kind == "extend" and not rule["extension"].get("by"):
            act["until"] = at.date() + timedelta(days=random.randint(1, 400))
        acts.append(act)
    return acts


def _born(at: datetime, days: int) -> date:
    """Some days before the event; on 29 February now and then."""
    day = at.date() - timedelta(days=days)
    return date(day.year, 2, 29) if day.year % 4 == 0 and days % 3 == 0 else day

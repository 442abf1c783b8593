"""The clocks of the knowledge: every rule of our sheet of the law, with its figure and its day."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from casework.domain.clock_rules import ClockKind, ClockRule
from casework.domain.events import EventKind
from casework.domain.rule_versions import Certainty, in_force
from tests.row_by_row import every
from tests.seeds import rows

CLOCKS = rows.clocks()
LADDERS = rows.ladders()
VERSIONS = {(rule.id, rule.version): rule for rule in CLOCKS}
TODAY = date(2026, 11, 1)

OF_THE_SHEET = frozenset(
    {
        "UAC-SCREEN-48H",
        "UAC-NOTIFY-48H",
        "UAC-TRANSFER-72H",
        "UAC-RPT51",
        "CHILD-NOTIFY-24H",
        "CHILD-DET-NOTICE-24H",
        "CHILD-INTERIM-90",
        "CW-LE-24H",
        "CW-MISSING-24H",
        "T-NODEADLINE",
        "T-CAP",
        "T-DURATION",
        "T-EXT",
        "T-AOS",
        "T-DERIV-AGE",
        "T-MINOR-EXEMPT",
        "U-CERT-6M",
        "U-CAP",
        "U-DURATION",
        "U-AOS",
        "U-BFD-EAD",
        "T-BFD-EAD",
        "CP-2Y",
        "HHS-RCA-4M",
        "SNAP-2025",
        "MEDICAID-2026",
        "ASYLUM-1Y",
        "RFE-84",
        "NOID-30",
        "I290B-30",
        "EAD-RENEW",
        "AR11-10",
        "SIJ-21",
        "SIJ-DA",
        "VAWA-2Y",
        "1595-SOL",
        "2255-SOL",
        "CRIM-SOL",
        "FLSA-SOL",
        "EEOC",
        "NLRB",
        "REST-90",
        "TSRA-30",
        "PII-24H",
        "HIPAA-60",
        "RETAIN-3Y",
        "TIMS-HALF",
        "OTIP-Q",
        "FFR",
    }
)


def of(rule: str) -> ClockRule:
    (found,) = in_force([clock for clock in CLOCKS if clock.id == rule], TODAY)
    return found


def test_every_rule_of_the_sheet_stands_under_its_own_id() -> None:
    assert len(OF_THE_SHEET) == 49
    assert {rule.id for rule in CLOCKS} >= OF_THE_SHEET


def test_there_are_at_least_fifty_clocks() -> None:
    assert len({rule.id for rule in CLOCKS}) >= 100


@every(CLOCKS, lambda clock: f"{clock.id}@{clock.version}")
def test_a_clock_is_complete(clock: ClockRule) -> None:
    assert clock.rungs in LADDERS
    assert set(clock.law_sources) <= set(rows.sources())
    assert clock.reviewed is False
    assert clock.binds
    assert len(clock.id) <= 40
    assert len(clock.version) <= 40
    assert len(clock.version) != 10 or clock.version == str(clock.in_force_from)


@every(CLOCKS, lambda clock: f"{clock.id}@{clock.version}")
def test_a_clock_is_met_by_something_other_than_what_starts_it(clock: ClockRule) -> None:
    both = set(clock.trigger.kinds()) & set(clock.met_by)
    assert not both or clock.recurs


def test_every_kind_of_clock_but_business_days_is_in_the_law() -> None:
    assert set(ClockKind) - {rule.kind for rule in CLOCKS} == {ClockKind.BUSINESS_DAYS}


def test_every_event_is_named_by_a_clock() -> None:
    # A removal called off takes back the one that was scheduled, whatever the rule.
    named: set[EventKind] = {EventKind.HHS_NOTIFIED, EventKind.REMOVAL_CANCELLED}
    for rule in CLOCKS:
        named |= {*rule.trigger.kinds(), *rule.met_by, *rule.ends_with, *rule.cut_short_by}
        for tolling in rule.tolling:
            named |= {tolling.from_, *tolling.to}
    assert named == set(EventKind)


def test_every_ladder_is_named_by_a_clock_and_says_that_it_is_our_practice() -> None:
    assert {rule.rungs for rule in CLOCKS} == set(LADDERS)
    assert all(ladder.citation.startswith("Our own practice") for ladder in LADDERS.values())


def test_versions_of_one_rule_follow_without_a_gap_and_never_overlap() -> None:
    versions: dict[str, list[ClockRule]] = defaultdict(list)
    for rule in CLOCKS:
        versions[rule.id].append(rule)
    for each in versions.values():
        ordered = sorted(each, key=lambda rule: rule.in_force_from or date.min)
        for earlier, later in pairwise(ordered):
            assert earlier.in_force_to
            assert later.in_force_from == earlier.in_force_to + timedelta(days=1)
        assert ordered[-1].in_force_to is None


def test_each_version_stands_once() -> None:
    assert set(Counter((rule.id, rule.version) for rule in CLOCKS).values()) == {1}


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2022, 5, 5), []),
        (date(2022, 5, 6), ["2022-05-06"]),
        (date(2025, 6, 5), ["2022-05-06"]),
        (date(2025, 6, 6), ["2025-06-06"]),
        (date(2025, 11, 18), ["2025-06-06"]),
        (date(2025, 11, 19), ["2025-11-19"]),
    ],
)
def test_the_stay_by_a_court_brings_deferred_action_back(day: date, version: list[str]) -> None:
    found = in_force([rule for rule in CLOCKS if rule.id == "SIJ-DA"], day)
    assert [rule.version for rule in found] == version


def test_the_court_that_stayed_it_is_named() -> None:
    (order,) = VERSIONS["SIJ-DA", "2025-06-06"].enjoined
    assert (order.from_, order.to) == (date(2025, 11, 19), None)
    assert order.case.startswith("A.C.R. v. Noem")


@pytest.mark.parametrize("row", ["R7", "R8", "R9", "R16", "R17", "R18", "R20", "R28"])
def test_every_demand_of_the_report_that_needs_a_clock_has_one(row: str) -> None:
    assert any(row in rule.report_rows for rule in in_force(CLOCKS, TODAY))


def test_what_is_not_settled_is_never_sure() -> None:
    appeal, otip = of("BIA-APPEAL-30"), of("OTIP-Q")
    assert "10" in appeal.unsettled
    assert appeal.certainty is otip.certainty is Certainty.LOW


FILINGS = ("T", "U", "CP", "SIJ", "VAWA", "ASYLUM", "LPR")


def test_only_the_reports_readings_and_our_practice_are_no_law() -> None:
    no_law = {
        rule.id: rule.report_reading for rule in CLOCKS if rule.report_reading or rule.practice
    }
    assert no_law == {
        "UAC-RPT51": True,
        "U-RPT65": True,
        "CP-RPT65": True,
        "DOMESTIC-INTERVIEW-1Y": True,
        **{f"{filing}-FILING-REVIEW-90": False for filing in FILINGS},
        "REMOVAL-SCREEN": False,
    }


def test_a_letter_by_post_adds_days_and_a_day_off_moves_the_last_one() -> None:
    rfe = of("RFE-84")
    assert (rfe.mailing_extra_days, rfe.roll, rfe.calendar) == (3, "next_business_day", "federal")
    assert rfe.trigger.occurrence == "each"


def test_reports_to_funders_have_fixed_periods() -> None:
    offsets = {
        rule: getattr(of(rule).window, "due_offset_days", None)
        for rule in ("TIMS-HALF", "OTIP-Q", "FFR", "OTIP-ANNUAL")
    }
    assert offsets == {"TIMS-HALF": 30, "OTIP-Q": 30, "FFR": 30, "OTIP-ANNUAL": None}


def test_the_yearly_caps_are_figures_too() -> None:
    assert (of("T-CAP").cap, of("U-CAP").cap) == (5_000, 10_000)


def test_interim_assistance_is_stretched_once_and_by_thirty_days() -> None:
    extension = of("CHILD-INTERIM-90").extension
    assert extension is not None
    assert extension.by is not None
    assert (extension.by.days, extension.times) == (30, 1)


def test_a_court_clock_of_the_later_of_two_days_says_so() -> None:
    assert of("1595-SOL").trigger.latest_of == (EventKind.CLAIM_AROSE, EventKind.TURNED_EIGHTEEN)

"""Safe harbour in the seeds: the survey as it stands, later changes, and nothing beyond them."""

from datetime import date
from typing import Any

import pytest

from casework.domain.pathways import PathwayKind
from casework.domain.relief import Outcome, assess
from casework.domain.rule_versions import in_force
from tests.seeds.states import FACTS, HARBOR, NOW, on

CHILD: dict[str, Any] = {"under_18_at_offence": True, "conviction_offence": "prostitution"}


@pytest.mark.parametrize(
    ("state", "day", "facts", "outcome"),
    [
        ("AL", date(2017, 3, 15), CHILD, Outcome.UNLIKELY),
        ("AL", NOW, CHILD, Outcome.NEEDS_INFORMATION),
        ("AL", date(2014, 1, 1), CHILD, Outcome.NEEDS_INFORMATION),
        ("CA", date(2016, 12, 31), CHILD, Outcome.UNLIKELY),
        ("CA", date(2017, 1, 1), CHILD, Outcome.LIKELY),
        ("CA", NOW, {**CHILD, "conviction_offence": "theft"}, Outcome.UNLIKELY),
        ("CA", NOW, {**CHILD, "under_18_at_offence": False}, Outcome.UNLIKELY),
        ("IL", NOW, {**CHILD, "victim_sex_trafficking": True}, Outcome.LIKELY),
        ("IL", NOW, {**CHILD, "conviction_offence": "theft"}, Outcome.NEEDS_INFORMATION),
        ("SC", NOW, {**CHILD, "victim_labor_trafficking": True}, Outcome.LIKELY),
        ("SC", NOW, CHILD, Outcome.POSSIBLE),
        ("MI", NOW, {**CHILD, "age_at_offence": 16}, Outcome.NEEDS_INFORMATION),
        ("MI", NOW, {**CHILD, "under_18_at_offence": False}, Outcome.UNLIKELY),
        (
            "MI",
            NOW,
            {**CHILD, "age_at_offence": 15, "victim_sex_trafficking": True},
            Outcome.LIKELY,
        ),
        ("VA", NOW, CHILD, Outcome.NEEDS_INFORMATION),
    ],
)
def test_safe_harbour(state: str, day: date, facts: dict[str, Any], outcome: Outcome) -> None:
    pathway = on(f"safe-harbor-{state.lower()}", day)
    assert pathway.kind is PathwayKind.SAFE_HARBOR
    assert assess(pathway, facts, FACTS).outcome is outcome


SURVEY_NO = """AL AK AZ AR CA CO DE FL GA HI ID IN IA KS LA ME MD MA MO NV NJ NM NY OH OK OR PA RI
    SD TX"""
SURVEY_YES = "CT DC IL KY MI MN MS MT NE NH NC ND SC TN"


def test_the_survey_of_2015_is_carried_as_it_stands() -> None:
    told = {rule.state: rule.protected.value for rule in in_force(HARBOR, date(2015, 12, 31))}
    assert {state for state, answer in told.items() if answer == "no"} == set(SURVEY_NO.split())
    assert set(SURVEY_YES.split()) <= {s for s, answer in told.items() if answer == "yes"}
    assert {s for s, answer in told.items() if answer == "unknown"} == {"VA", "WA", "WV", "WI"}


def test_no_state_is_said_today_to_prosecute_children_on_the_word_of_an_old_survey() -> None:
    assert not [rule.state for rule in in_force(HARBOR, NOW) if rule.protected.value == "no"]

"""What is written down about one offence answers other questions about it."""

from datetime import date
from typing import Any

import pytest

from casework.domain.record_facts import with_record_facts


@pytest.mark.parametrize(
    ("facts", "derived"),
    [
        ({}, {}),
        ({"conviction_jurisdiction": "US"}, {}),
        (
            {"conviction_jurisdiction": "NY", "federal_conviction": True},
            {"federal_conviction": False, "federal_arrest_only": False},
        ),
        (
            {"conviction_jurisdiction": "US", "record_kind": "conviction"},
            {"federal_conviction": True, "federal_arrest_only": False},
        ),
        (
            {"conviction_jurisdiction": "US", "record_kind": "arrest_only"},
            {"federal_conviction": False, "federal_arrest_only": True},
        ),
        ({"age_at_offence": 17}, {"under_18_at_offence": True}),
        ({"age_at_offence": 18}, {"under_18_at_offence": False}),
        (
            {"date_of_birth": date(2000, 2, 29), "offence_on": date(2018, 2, 27)},
            {"age_at_offence": 17, "under_18_at_offence": True},
        ),
        (
            {"date_of_birth": date(2000, 2, 29), "offence_on": date(2018, 2, 28)},
            {"age_at_offence": 18, "under_18_at_offence": False},
        ),
        ({"date_of_birth": date(2000, 1, 1), "offence_on": date(1999, 1, 1)}, {}),
        ({"date_of_birth": date(2000, 1, 1)}, {}),
        (
            {
                "conviction_jurisdiction": "OH",
                "record_kind": "conviction",
                "conviction_offence": "loitering_for_prostitution",
            },
            {
                "federal_conviction": False,
                "federal_arrest_only": False,
                "prostitution_conviction_on_record": True,
            },
        ),
    ],
)
def test_what_follows_from_the_entry_of_one_offence(
    facts: dict[str, Any], derived: dict[str, Any]
) -> None:
    assert with_record_facts(facts) == {**facts, **derived}


WAY_IN: dict[str, Any] = {
    "conviction_jurisdiction": "OH",
    "record_kind": "conviction",
    "conviction_offence": "prostitution",
}
ON_RECORD = "prostitution_conviction_on_record"


@pytest.mark.parametrize("stated", [{}, {ON_RECORD: False}])
def test_a_prostitution_conviction_of_the_same_place_is_on_the_record(
    stated: dict[str, Any],
) -> None:
    burglary = {"conviction_jurisdiction": "OH", "conviction_offence": "burglary", **stated}
    assert with_record_facts(burglary, [burglary, WAY_IN])[ON_RECORD] is True


@pytest.mark.parametrize(
    "other",
    [
        {"conviction_jurisdiction": "TN"},
        {"record_kind": "arrest_only"},
        {"record_kind": "adjudication"},
        {"conviction_offence": "promoting_prostitution"},
    ],
)
def test_no_other_entry_opens_the_way_and_none_closes_it(other: dict[str, Any]) -> None:
    burglary = {"conviction_jurisdiction": "OH", "conviction_offence": "burglary"}
    assert ON_RECORD not in with_record_facts(burglary, [{**WAY_IN, **other}])
    assert ON_RECORD not in with_record_facts({"conviction_offence": "burglary"}, [WAY_IN])

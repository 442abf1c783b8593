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
    ],
)
def test_what_follows_from_the_entry_of_one_offence(
    facts: dict[str, Any], derived: dict[str, Any]
) -> None:
    assert with_record_facts(facts) == {**facts, **derived}

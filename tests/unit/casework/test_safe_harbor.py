"""A State's safe harbour becomes a pathway for one offence of a child."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from casework.domain.conditions import Evaluation, FactValue, evaluate
from casework.domain.pathways import Pathway
from casework.domain.safe_harbor import SafeHarborRule, as_pathway, pathways_of
from casework.domain.sources import Source
from casework.domain.ternary import Ternary

ROW: dict[str, Any] = {
    "id": "safe-harbor-wy",
    "jurisdiction": "US-WY",
    "version": "2020-07-01",
    "title": "A row",
    "in_force_from": date(2020, 7, 1),
    "citation": "Statute 1",
    "law_sources": ("a-statute",),
    "certainty": "verified",
    "protected": True,
    "approach": ["unknown"],
    "offences": "unknown",
    "finding_needed": "unknown",
}


def harbor(**changed: object) -> SafeHarborRule:
    return SafeHarborRule.model_validate({**ROW, **changed})


def held(pathway: Pathway, id_: str, facts: dict[str, FactValue]) -> Evaluation:
    return evaluate(next(each for each in pathway.criteria if each.id == id_).when, facts)


@pytest.mark.parametrize(
    ("changed", "facts", "values"),
    [
        ({}, {"under_18_at_offence": True}, {"minor": Ternary.YES}),
        ({"age_limit": 16}, {"age_at_offence": 16}, {"minor": Ternary.NO}),
        ({"age_limit": 16}, {"under_18_at_offence": False}, {"minor": Ternary.NO}),
        (
            {"age_limit": 16, "older_minors_note": "Perhaps raised."},
            {"under_18_at_offence": True, "age_at_offence": 16},
            {"minor": Ternary.UNKNOWN},
        ),
        (
            {"age_limit": 16, "older_minors_note": "Perhaps raised."},
            {"under_18_at_offence": True, "age_at_offence": 15},
            {"minor": Ternary.YES},
        ),
        (
            {"age_limit": 16, "older_minors_note": "Perhaps raised."},
            {"under_18_at_offence": False, "age_at_offence": 18},
            {"minor": Ternary.NO},
        ),
        ({"age_limit": 20}, {"age_at_offence": 19}, {"minor": Ternary.YES}),
        ({}, {"conviction_offence": "theft"}, {"offence": Ternary.UNKNOWN}),
        ({"offences": "also_other"}, {"conviction_offence": "theft"}, {"offence": Ternary.UNKNOWN}),
        (
            {"offences": "prostitution_only"},
            {"conviction_offence": "theft"},
            {"offence": Ternary.NO},
        ),
        ({}, {"victim_sex_trafficking": False}, {"trafficked": Ternary.UNKNOWN}),
        ({}, {"victim_sex_trafficking": True}, {"trafficked": Ternary.YES}),
        (
            {"finding_needed": True},
            {"victim_sex_trafficking": False, "victim_labor_trafficking": False},
            {"trafficked": Ternary.NO},
        ),
        (
            {"protected": False, "protected_note": "Not so."},
            {},
            {"protected": Ternary.NO},
        ),
        (
            {"protected": "unknown", "protected_note": "Not settled."},
            {},
            {"protected": Ternary.UNKNOWN},
        ),
    ],
)
def test_safe_harbour(
    changed: dict[str, Any], facts: dict[str, Any], values: dict[str, Ternary]
) -> None:
    pathway = as_pathway(harbor(**changed))
    for id_, value in values.items():
        assert held(pathway, id_, facts).value is value


def test_where_nothing_has_to_be_shown_nothing_is_asked() -> None:
    asked = [each.id for each in as_pathway(harbor(finding_needed=False)).criteria]
    assert asked == ["minor", "offence"]


@pytest.mark.parametrize(
    "changed", [{"protected": False}, {"protected_note": "Although it is protected."}]
)
def test_a_no_needs_a_reason_and_a_yes_has_none(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="protected_note"):
        harbor(**changed)


def test_of_older_minors_something_can_be_open_only_where_the_protection_ends_early() -> None:
    with pytest.raises(ValidationError, match="older_minors_note"):
        harbor(older_minors_note="Perhaps raised.")


def test_the_days_before_the_first_version_are_unsettled() -> None:
    (_, now), (_, before) = pathways_of(harbor(earliest=True))
    assert isinstance(now, Pathway)
    assert isinstance(before, Pathway)
    assert (before.id, before.scope, before.kind) == (now.id, now.scope, now.kind)
    assert (before.in_force_from, before.in_force_to) == (date(2000, 10, 28), date(2020, 6, 30))
    assert held(before, "law-of-that-day", {}).value is Ternary.UNKNOWN


def test_a_later_version_and_other_definitions_tell_nothing_of_the_days_before() -> None:
    assert len(list(pathways_of(harbor()))) == 1
    source = {"id": "a", "title": "A", "citation": "A", "kind": "report", "certainty": "low"}
    assert list(pathways_of(Source.model_validate(source))) == []

"""An assessment as a tree that a lawyer can follow down to each fact and each place in the law."""

from datetime import date

from casework.domain.conditions import FactValue
from casework.domain.explaining import explained
from casework.domain.pathways import Pathway
from casework.domain.relief import assess
from tests.seeds import rows

FACTS = rows.facts()


def lines(pathway: Pathway, facts: dict[str, FactValue]) -> list[str]:
    return list(explained(pathway, assess(pathway, facts, FACTS), facts, FACTS))


T_STATUS = next(p for p in rows.pathways() if (p.id, p.version) == ("t-status", "2024-08-28"))


def written(when: object) -> Pathway:
    criterion = T_STATUS.criteria[0].model_dump(by_alias=True) | {"when": when, "exemptions": []}
    row = T_STATUS.model_dump(by_alias=True) | {"criteria": [criterion], "bars": []}
    return Pathway.model_validate(row)


def test_the_head_names_rule_version_and_certainty_and_that_a_person_decides() -> None:
    title, citation, outcome = lines(T_STATUS, {})[:3]
    assert title == "T nonimmigrant status (t-status, version 2024-08-28)"
    assert citation.endswith("certainty: verified, not reviewed by counsel")
    assert outcome == "Outcome: needs_information. A person decides."


def test_exemptions_stand_before_what_they_excuse() -> None:
    tree = lines(T_STATUS, {"age_under_18_at_any_act": True})
    excused = next(n for n, line in enumerate(tree) if line.startswith("    [yes] excused if: Was"))
    assert tree[excused + 1] == "        [yes] age_under_18_at_any_act is yes: yes"
    rule = next(n for n, line in enumerate(tree) if "law_enforcement_request_made" in line)
    assert excused < rule


def test_every_shape_of_condition_is_put_into_words() -> None:
    fact = {"fact": "in_custody", "is": True}
    born = {"fact": "date_of_birth", "before": date(2000, 1, 1)}
    parts = [
        {"all": [fact]},
        {"any": [fact, {"not": fact}]},
        {"at_least": {"count": 2, "of": [fact, fact, fact]}},
        {"fact": "visa_class", "one_of": ["H-2A", "H-2B"]},
        {"unsettled": "Nobody knows."},
        born,
    ]
    tree = "\n".join(lines(written({"all": parts}), {"visa_class": "H-2A"}))
    for said in (
        "all of",
        "this",
        "any of",
        "not",
        "at least 2 of",
        "visa_class one of H-2A, H-2B: H-2A",
        "Nobody knows.",
        "date_of_birth before 2000-01-01: not known",
        "in_custody is yes: not known",
    ):
        assert said in tree


def test_a_personal_value_is_not_shown() -> None:
    born = {"fact": "date_of_birth", "before": date(2000, 1, 1)}
    tree = "\n".join(lines(written(born), {"date_of_birth": date(1987, 6, 5)}))
    assert FACTS["date_of_birth"].personal
    assert "date_of_birth before 2000-01-01: known, not shown" in tree
    assert "1987" not in tree


def test_conflicts_that_are_so_are_told_from_those_that_may_be() -> None:
    conflict = {"id": "x", "text": "It was signed away.", "citation": "3 USC 3"}
    row = written({"fact": "in_custody", "is": True}).model_dump(by_alias=True)
    when = {"fact": "in_custody", "is": True}
    pathway = Pathway.model_validate(row | {"conflicts": [conflict | {"when": when}]})
    assert "Conflict: It was signed away. (3 USC 3)" in lines(pathway, {"in_custody": True})
    assert "Possible conflict: It was signed away. (3 USC 3)" in lines(pathway, {})
    assert not any("signed away" in line for line in lines(pathway, {"in_custody": False}))

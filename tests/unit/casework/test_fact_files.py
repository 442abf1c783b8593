"""Facts written down by hand: every shape that is accepted, every mistake named with its place."""

from datetime import date

import pytest

from casework.domain.errors import InvalidInputError
from casework.domain.fact_files import read_facts
from tests.seeds import rows

FACTS = rows.facts()


@pytest.mark.parametrize(
    "document",
    [
        {"in_custody": True, "visa_class": None},
        {"facts": {"in_custody": True}},
        {"facts": [{"code": "in_custody", "value": True}]},
        [{"code": "in_custody", "value": True, "standing": "known"}],
        {
            "facts": [
                {"code": "in_custody", "value": True},
                {"code": "visa_class", "standing": "declined"},
                {"code": "visa_class", "value": None},
            ]
        },
    ],
)
def test_what_is_not_known_is_left_out_in_every_shape(document: object) -> None:
    assert read_facts(document, FACTS).facts == {"in_custody": True}


def test_a_date_becomes_a_date() -> None:
    assert read_facts({"date_of_birth": "2008-06-05"}, FACTS).facts == {
        "date_of_birth": date(2008, 6, 5)
    }


def test_offences_are_kept_apart_and_named() -> None:
    listed = [{"label": "of 2019", "offence_violent": False}, {"offence_violent": True}]
    found = read_facts({"facts": {}, "offences": listed}, FACTS).offences
    assert [(one.label, one.facts) for one in found] == [
        ("of 2019", {"offence_violent": False}),
        ("2", {"offence_violent": True}),
    ]


@pytest.mark.parametrize(
    ("document", "places"),
    [
        ({"no_such": True}, ["/no_such"]),
        ({"in_custody": "yes", "visa_class": "X-9"}, ["/in_custody", "/visa_class"]),
        ({"facts": {"in_custody": 1}, "offences": [], "extra": 1}, ["/extra", "/facts/in_custody"]),
        ({"facts": "all"}, ["/facts"]),
        ("all", ["/"]),
        ([{"value": True}], ["/0"]),
        (["in_custody"], ["/0"]),
        ({"facts": {}, "offences": "none"}, ["/offences"]),
        ({"facts": {}, "offences": ["none"]}, ["/offences/0"]),
        ({"facts": {}, "offences": [{"offence_violent": 2}]}, ["/offences/0/offence_violent"]),
        ({"facts": {}, "offences": [{"label": "2"}, {}]}, ["/offences/1/label"]),
    ],
)
def test_every_mistake_is_named_with_its_place(document: object, places: list[str]) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_facts(document, FACTS)
    assert [problem.pointer for problem in refusal.value.problems] == places

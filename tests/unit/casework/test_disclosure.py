"""What leaves a case, and what never does."""

import pytest

from casework.domain.consent import Coverage
from casework.domain.disclosure import RELEASABLE, build_packet
from casework.domain.errors import ConsentMissingError, InvalidInputError

VALUES = {"name": "Ana", "needs": "Shelter", "phone": "1", "placement_address": "Elm Street 4"}
COVERED = Coverage(missing=(), by_field={"name": "c1", "needs": "c1", "summary": "c1"})


def test_a_packet_holds_exactly_the_released_fields() -> None:
    packet = build_packet(VALUES, ["needs", "name", "name", "summary"], COVERED)
    assert packet == {"name": "Ana", "needs": "Shelter", "summary": None}


@pytest.mark.parametrize(
    "coverage",
    [COVERED, Coverage(missing=("phone",), by_field={"name": "c1", "phone": "c1"})],
)
def test_a_field_without_consent_stops_the_whole_packet(coverage: Coverage) -> None:
    with pytest.raises(ConsentMissingError, match="No consent covers: phone") as refusal:
        build_packet(VALUES, ["name", "phone"], coverage)
    assert [problem.pointer for problem in refusal.value.problems] == ["/fields/phone"]


@pytest.mark.parametrize("code", ["placement_address", "notes"])
def test_what_is_not_listed_never_leaves_even_with_consent(code: str) -> None:
    with pytest.raises(InvalidInputError, match=f"Can never be released: {code}"):
        build_packet(VALUES, [code], Coverage(missing=(), by_field={code: "c1"}))


def test_the_address_of_a_placement_is_not_on_the_list() -> None:
    assert "placement_address" not in RELEASABLE
    assert len(RELEASABLE) == 15
    assert all(code == field.code for code, field in RELEASABLE.items())

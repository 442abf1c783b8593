"""Case numbers that notice a slip."""

from itertools import combinations

import pytest

from casework.domain.case_numbers import ALPHABET, check, number_from
from casework.domain.errors import InvalidInputError

NUMBERS = [number_from(bytes([seed * 7 % 256, *range(seed, seed + 8)])) for seed in range(20)]


def accepted(number: str) -> bool:
    try:
        check(number)
    except InvalidInputError:
        return False
    return True


@pytest.mark.parametrize("number", NUMBERS)
def test_every_single_wrong_character_is_noticed(number: str) -> None:
    plain = number.replace("-", "")
    slips = [
        plain[:place] + other + plain[place + 1 :]
        for place, right in enumerate(plain)
        for other in ALPHABET
        if other != right
    ]
    assert len(slips) == 8 * 22
    assert not any(map(accepted, slips))


@pytest.mark.parametrize("number", NUMBERS)
def test_any_two_characters_swapped_are_noticed(number: str) -> None:
    plain = number.replace("-", "")
    for one, other in combinations(range(8), 2):
        swapped = list(plain)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        assert not accepted("".join(swapped)) or plain[one] == plain[other]


def test_no_character_looks_like_another() -> None:
    for alike in ("0O", "1IL", "5S", "8B", "2Z", "6G", "UV"):
        assert len(set(ALPHABET) & set(alike)) <= 1
    assert len(set(ALPHABET)) == 23


@pytest.mark.parametrize("number", NUMBERS)
def test_it_is_read_however_it_is_written(number: str) -> None:
    lower = number.lower()
    for written in (number, lower, lower.replace("-", " "), f" {number.replace('-', '')}\n"):
        assert check(written) == number


@pytest.mark.parametrize("wrong", ["", "K7QF", "K7QF-2M9D-2", "K7QF-2M9O", "K7QF-2M9é", "-" * 8])
def test_what_cannot_be_a_number_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check(wrong)
    assert refusal.value.problems[0].code == "not_a_case_number"


def test_a_slip_is_told_apart_from_nonsense() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check("K7QF-2M9D")
    assert refusal.value.problems[0].code == "check_character_wrong"


def test_too_little_entropy_is_refused() -> None:
    with pytest.raises(ValueError, match="8 random bytes"):
        number_from(b"1234567")


def test_different_entropy_gives_different_numbers() -> None:
    assert len(set(NUMBERS)) == len(NUMBERS)

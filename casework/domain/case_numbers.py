"""Case numbers that mean nothing, can be read out on the telephone, and notice a slip."""

from casework.domain.errors import InvalidInputError

ALPHABET = "23479BCDFGHJKMNPQRSTWXY"
"""23 characters: none that looks like another (no O or 0, no I, L or 1, no 5, 6, 8, Z, U, V) and no
vowels, so that no number is a word. 23 is prime, which the check character relies on."""
LENGTH = 8
_PRIME = len(ALPHABET)
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_LEAST_ENTROPY = 8


def number_from(entropy: bytes) -> str:
    """A case number such as `K7QF-2M9D` from at least 8 random bytes.

    Seven characters from the entropy, and a check character. Raises ValueError for fewer bytes.
    """
    if len(entropy) < _LEAST_ENTROPY:
        raise ValueError(f"a case number needs {_LEAST_ENTROPY} random bytes")
    rest, drawn = int.from_bytes(entropy), ""
    while len(drawn) < LENGTH - 1:
        rest, value = divmod(rest, _PRIME)
        drawn += ALPHABET[value]
    return _written(drawn + _check_character(drawn))


def check(number: str) -> str:
    """The number in its one written form: capitals, a dash in the middle.

    Small letters, spaces and dashes are forgiven. Raises InvalidInputError when it cannot be a
    case number: any one wrong character, and any two swapped, are noticed.
    """
    plain = "".join(number.split()).replace("-", "").upper()
    if len(plain) != LENGTH or not set(plain) <= set(ALPHABET):
        detail = "A case number is eight letters and digits, such as K7QF-2M9D."
        raise InvalidInputError.at("/number", "not_a_case_number", detail)
    if _weighted(plain) % _PRIME:
        detail = "This is no case number; one character may be mistyped or two swapped."
        raise InvalidInputError.at("/number", "check_character_wrong", detail)
    return _written(plain)


def _weighted(plain: str) -> int:
    """Each place weighs something else, so that a slip always changes the sum modulo 23."""
    return sum(place * _VALUES[character] for place, character in enumerate(plain, start=1))


def _check_character(drawn: str) -> str:
    """The character whose weight brings the sum to a multiple of 23."""
    return ALPHABET[-_weighted(drawn) * pow(LENGTH, -1, _PRIME) % _PRIME]


def _written(plain: str) -> str:
    return f"{plain[:4]}-{plain[4:]}"

"""One fingerprint for one content."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from casework.domain.digests import digest
from casework.domain.ternary import Ternary
from tests.unit.casework.condition_examples import parsed

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
REF = "6f9619ff-8b86-4011-b42d-00c04fc964ff"


def test_it_is_the_sha_256_of_canonical_json() -> None:
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ([1, 2], (1, 2)),
        ({"b", "a"}, ["a", "b"]),
        (date(2026, 3, 1), "2026-03-01"),
        (NOON, NOON.astimezone(timezone(timedelta(hours=9)))),
        (UUID(REF), REF),
        (Ternary.YES, "yes"),
        (parsed({"fact": "a", "is": True}), {"fact": "a", "is": True}),
    ],
)
def test_the_same_content_has_the_same_digest(one: object, other: object) -> None:
    assert digest(one) == digest(other)


@pytest.mark.parametrize(("one", "other"), [([1, 2], [2, 1]), ("1", 1), (True, 1), ("é", "e")])
def test_another_content_has_another_digest(one: object, other: object) -> None:
    assert digest(one) != digest(other)


@pytest.mark.parametrize("text", ["\ud800", "\x00", "أمل"])
def test_any_text_has_a_digest(text: str) -> None:
    assert len(digest({"text": text})) == 64


@pytest.mark.parametrize("nothing", [float("nan"), NOON.replace(tzinfo=None)])
def test_what_is_no_definite_value_is_refused(nothing: object) -> None:
    with pytest.raises(ValueError, match=r"JSON compliant|offset"):
        digest(nothing)


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match="no canonical form for object"):
        digest(object())

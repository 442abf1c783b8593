"""From the ledger to what is known, and what may enter it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from casework.domain.conditions import FactValue
from casework.domain.errors import InvalidInputError
from casework.domain.facts import (
    Assertion,
    FactDefinition,
    Standing,
    check_value,
    current,
    known,
)

START = datetime(2026, 3, 1, tzinfo=UTC)


def line(ref: str, hour: int, value: FactValue | None = True, **more: object) -> Assertion:
    standing = Standing.KNOWN if value is not None else Standing.DECLINED
    return Assertion(
        ref=ref,
        code=str(more.get("code", "a")),
        value=value,
        standing=standing,
        source="caseworker",
        source_ref="",
        by="alice",
        at=START + timedelta(hours=hour),
        retracts=str(more.get("retracts", "")),
    )


def taking_back(ref: str, hour: int, retracts: str) -> Assertion:
    return line(ref, hour, None, retracts=retracts)


FIRST, SECOND = line("1", 1, value=True), line("2", 2, value=False)


@pytest.mark.parametrize(
    ("lines", "stands"),
    [
        ([], None),
        ([FIRST], "1"),
        ([FIRST, SECOND], "2"),
        ([SECOND, FIRST], "2"),
        ([line("x", 1), line("y", 1)], "y"),
        ([FIRST, SECOND, taking_back("3", 3, "2")], "1"),
        ([FIRST, SECOND, taking_back("3", 3, "1")], "2"),
        ([FIRST, SECOND, taking_back("3", 3, "1"), taking_back("4", 4, "2")], None),
        ([FIRST, SECOND, taking_back("3", 3, "2"), taking_back("4", 4, "3")], "2"),
        ([FIRST, taking_back("3", 0, "1")], None),
        ([FIRST, taking_back("3", 3, "unheard of")], "1"),
    ],
)
def test_the_latest_line_that_was_not_taken_back_stands(
    lines: list[Assertion], stands: str | None
) -> None:
    found = current(lines)
    assert (found["a"].ref if "a" in found else None) == stands


def test_each_fact_has_a_line_of_its_own() -> None:
    lines = [line("1", 2, code="b"), line("2", 1, code="a"), line("3", 3, code="b", value=7)]
    assert {code: each.ref for code, each in current(lines).items()} == {"a": "2", "b": "3"}


def test_only_what_is_known_counts() -> None:
    lines = [
        line("1", 1, code="said", value=False),
        line("2", 1, code="declined", value=None),
        line("3", 1, code="lapsed", value=True),
        line("4", 2, code="lapsed", value=None),
    ]
    assert known(current(lines)) == {"said": False}


def definition(type_: str, **more: object) -> FactDefinition:
    words = ("label", "meaning", "question", "why_we_ask", "how_to_ask", "citation", "group")
    written = {word: word for word in words}
    return FactDefinition.model_validate({**written, "code": "a", "type": type_, **more})


BOOLEAN, INTEGER, DATE = definition("boolean"), definition("integer"), definition("date")
TEXT, CHOICE = definition("text"), definition("choice", options=["A-3", "none"])
COUNTRY = definition("text", pattern="[A-Z]{3}", unit="three capitals")


@pytest.mark.parametrize(
    ("fact", "value", "expected"),
    [
        (BOOLEAN, False, False),
        (CHOICE, "A-3", "A-3"),
        (INTEGER, 0, 0),
        (INTEGER, 1_000_000_000, 1_000_000_000),
        (DATE, "2026-01-31", date(2026, 1, 31)),
        (DATE, date(2026, 1, 31), date(2026, 1, 31)),
        (TEXT, "  Ana  ", "Ana"),
        (TEXT, "أمل", "أمل"),
        (COUNTRY, "MEX", "MEX"),
    ],
)
def test_a_good_value_is_taken(fact: FactDefinition, value: object, expected: FactValue) -> None:
    taken = check_value(fact, value, "/value")
    assert (taken, type(taken)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("fact", "value", "code"),
    [
        (BOOLEAN, 1, "not_a_boolean"),
        (BOOLEAN, "true", "not_a_boolean"),
        (BOOLEAN, None, "not_a_boolean"),
        (CHOICE, "B-1", "not_an_option"),
        (CHOICE, ["A-3"], "not_an_option"),
        (INTEGER, True, "not_an_integer"),
        (INTEGER, 1.0, "not_an_integer"),
        (INTEGER, 1_000_000_001, "not_an_integer"),
        (DATE, "2026-02-29", "not_a_date"),
        (DATE, "20260131", "not_a_date"),
        (DATE, "2026-W05-6", "not_a_date"),
        (DATE, START, "not_a_date"),
        (DATE, 20260131, "not_a_date"),
        (TEXT, "   ", "not_a_text"),
        (TEXT, 7, "not_a_text"),
        (TEXT, "a\x00b", "not_a_text"),
        (TEXT, "a\ud800b", "not_a_text"),
        (TEXT, "a" * 1_001, "not_a_text"),
        (COUNTRY, "Mexico", "wrong_form"),
    ],
)
def test_a_bad_value_is_refused_where_it_stands(
    fact: FactDefinition, value: object, code: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check_value(fact, value, "/facts/3/value")
    (problem,) = refusal.value.problems
    assert (problem.pointer, problem.code) == ("/facts/3/value", code)


def test_an_option_is_called_what_the_fact_calls_it_or_else_its_code() -> None:
    named = definition("choice", options=["a_b"], option_labels={"a_b": {"en": "One", "es": "Uno"}})
    assert named.option_words("a_b") == {"en": "One", "es": "Uno"}
    assert definition("choice", options=["a_b"]).option_words("a_b") == {"en": "a b"}


def test_a_wrong_choice_is_told_what_there_is_to_choose() -> None:
    with pytest.raises(InvalidInputError, match="choose one of A-3, none"):
        check_value(CHOICE, "H-2A", "/value")


@pytest.mark.parametrize(
    ("type_", "more"),
    [
        ("choice", {}),
        ("boolean", {"options": ["a"]}),
        ("date", {"pattern": "x"}),
        ("choice", {"options": ["a", "b"], "option_labels": {"a": {"en": "A"}}}),
        ("choice", {"options": ["a"], "option_labels": {"a": {"en": "A"}, "b": {"en": "B"}}}),
        ("choice", {"options": ["a"], "option_labels": {"a": {"es": "A"}}}),
        ("choice", {"options": ["a"], "option_labels": {"a": {"en": ""}}}),
        ("boolean", {"option_labels": {"a": {"en": "A"}}}),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(
    type_: str, more: dict[str, object]
) -> None:
    with pytest.raises(ValidationError):
        definition(type_, **more)

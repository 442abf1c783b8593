"""Single values and fields of a definition, as a reader sees them."""

from enum import StrEnum

import pytest
from django.utils.translation import override

from casework.domain.clock_rules import (
    ClockKind,
    Direction,
    Mark,
    Occurrence,
    OneMeets,
    Place,
    Recurrence,
    Roll,
)
from casework.domain.facts import FactType
from casework.domain.findings import Element, TraffickingForm
from casework.domain.jurisdictions import Begins
from casework.domain.pathways import EvidenceNeed, PathwayKind
from casework.domain.reference_statistics import Precision
from casework.domain.rule_versions import Certainty
from casework.domain.safe_harbor import Approach, OffencesOfMinors
from casework.domain.sources import SourceKind
from casework.domain.vacatur import Law
from casework.domain.vacatur_terms import Presumption, Proof, Relief, Scope, Tie, TimeKind, TimeUnit
from casework.web.knowledge_fields import Fields, Shape
from casework.web.knowledge_tellers import register_teller, told_by_others
from casework.web.knowledge_values import in_words, moment_words, place_words, sayings
from screening.domain.definition import Strength
from screening.domain.indicators import FederalPart
from screening.domain.instrument import Status
from screening.domain.items import ItemType, Missing, Required
from screening.domain.rules import Method


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("needed", True, "Yes"),
        ("weight", 2.0, "2"),
        ("weight", 2.5, "2.5"),
        ("kind", "calendar_years", "Calendar years"),
        ("administration", "self-report-interview", "Asked in a talk, in the person's words"),
        ("code", "left_48h", "left_48h"),
        ("is", "H-2A", "H-2A"),
        ("languages", "es", "Spanish"),
        ("languages", "xx", "xx"),
        ("text", "Was under 18.", "Was under 18."),
    ],
)
def test_a_value_is_put_into_words(name: str, value: object, words: str) -> None:
    assert in_words(name, value) == words


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("strength", Strength),
        ("element", Element),
        ("forms", TraffickingForm),
        ("federal", FederalPart),
        ("kind", PathwayKind),
        ("kind", SourceKind),
        ("kind", ClockKind),
        ("kind", Tie),
        ("kind", TimeKind),
        ("unit", TimeUnit),
        ("scope", Scope),
        ("law", Law),
        ("begins", Begins),
        ("relief", Relief),
        ("proof", Proof),
        ("document_presumption", Presumption),
        ("approach", Approach),
        ("offences", OffencesOfMinors),
        ("certainty", Certainty),
        ("needed", EvidenceNeed),
        ("precision", Precision),
        ("occurrence", Occurrence),
        ("marks", Mark),
        ("counts", Direction),
        ("roll", Roll),
        ("zone", Place),
        ("recurs", Recurrence),
        ("one_meets", OneMeets),
        ("type", FactType),
        ("type", ItemType),
        ("missing", Missing),
        ("required", Required),
        ("method", Method),
        ("status", Status),
    ],
)
def test_every_code_has_words_in_every_language(name: str, codes: type[StrEnum]) -> None:
    for language in ("es", "ar"):
        with override(language):
            assert [code for code in codes if "lang=" in str(in_words(name, code.value))] == []


@pytest.mark.parametrize(
    ("name", "words"), [("strength", "Strong"), ("band", "Strong signs"), ("outcome", "strong")]
)
def test_a_code_is_put_into_the_words_of_its_part(name: str, words: str) -> None:
    assert in_words(name, "strong") == words


@pytest.mark.parametrize(
    ("name", "minutes", "words"),
    [
        ("offset_minutes", 0, "at that moment"),
        ("offset_minutes", -2_880, "2 days before"),
        ("offset_minutes", -60, "1 hour before"),
        ("offset_minutes", 30, "30 minutes after"),
        ("every_minutes", 60, "1 hour"),
    ],
)
def test_a_moment_of_a_reminder_is_put_into_words(name: str, minutes: int, words: str) -> None:
    assert moment_words(name, minutes) == words


def test_words_in_many_languages_are_told_from_other_mappings() -> None:
    said = sayings({"ar": "نعم", "en": "Yes"}, frozenset({"ar"}))
    assert said is not None
    assert [(one.language, one.direction, one.unreviewed) for one in said] == [
        ("en", "ltr", False),
        ("ar", "rtl", False),
    ]
    assert sayings({"es": "Sí"}) is not None
    assert sayings({"htcds": "vic_Sex=F"}) is None
    assert sayings({"en": "Yes", "count": 2}) is None


@pytest.mark.parametrize(
    ("code", "words"),
    [("US", "United States"), ("US-DC", "The District of Columbia"), ("US-NY", "New York")],
)
def test_a_place_is_called_by_its_name(code: str, words: str) -> None:
    assert place_words(code) == words


@pytest.mark.parametrize("value", [None, "", [], {}, False, {"a": None}])
def test_what_says_nothing_is_no_field(value: object) -> None:
    assert Fields({}).field("notes", value) is None


def test_nought_is_said_where_it_is_a_figure() -> None:
    field = Fields({}).field("value", 0)
    assert field is not None
    assert (field.shape, field.value) == (Shape.TEXT, "0")


def test_a_definition_that_is_not_there_is_named_by_its_code() -> None:
    field = Fields({}).field("law_sources", ["usc-0"])
    assert field is not None
    assert [(link.kind, link.code, link.title) for link in field.value] == [
        ("source", "usc-0", "usc-0")
    ]


def test_a_teller_is_known_once_and_asked_for_conditions_only() -> None:
    register_teller("screening.web.rule_words.told_rule")
    rule = {"positive": "act"}
    assert told_by_others("when", rule) is not None
    assert told_by_others("export", rule) is None
    assert told_by_others("when", {"nobody": "knows"}) is None

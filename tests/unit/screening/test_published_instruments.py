"""Published instruments as stubs: where from, on what terms, how good; never a word of theirs."""

import pytest

from screening.domain.instrument import Instrument, Status
from screening.domain.items import ItemType
from screening.domain.rules import Method
from tests.seeds import rows
from tests.unit.screening.examples import shipped, shipped_instruments

ASKED = {
    "covenant-house-nj-qyit": "the authors of the study (Chisolm-Straker et al. 2019) or Covenant "
    "House New Jersey",
    "chisolm-straker-raft": "the authors of the study (Chisolm-Straker et al. 2021)",
    "vera-tvit-long": "the Vera Institute of Justice, which gives them to everybody at no cost",
    "vera-tvit-short": "the Vera Institute of Justice, which gives them to everybody at no cost",
    "hhs-otip-ahtst": "the Office on Trafficking in Persons of HHS",
    "urban-htst": "the Urban Institute",
    "urban-htst-sf": "the Urban Institute",
}
QUESTIONS = {"covenant-house-nj-qyit": 4, "chisolm-straker-raft": 4, "hhs-otip-ahtst": 8}
MEASURED = {
    "covenant-house-nj-qyit": ("340", "307", "86.7 %", "76.5 %"),
    "chisolm-straker-raft": ("4,127", "36", "89 %", "79 %", "12", "61 %"),
    "vera-tvit-long": ("180", "96", "38", "58", "11 agencies", "87 %", "71 %", "81 %"),
    "vera-tvit-short": ("180", "96", "38", "58", "11 agencies", "87 %", "71 %", "81 %"),
    "hhs-otip-ahtst": ("Not yet validated",),
    "urban-htst": ("617", "12 to 24", "14 places"),
    "urban-htst-sf": ("617", "12 to 24", "14 places"),
}
OF_ONE = "The wording of this question is not here. Whom to ask for it: {}."
OF_ALL = (
    "The questions of this instrument are not here, nor what answers they take. "
    "Whom to ask for them: {}."
)
each = pytest.mark.parametrize("stub", [shipped(code) for code in ASKED], ids=lambda one: one.id)


def test_these_are_all_the_stubs() -> None:
    assert {one.id for one in shipped_instruments() if one.status is Status.STUB} == set(ASKED)


@each
def test_a_stub_holds_no_wording_and_says_whom_to_ask(stub: Instrument) -> None:
    sentence = OF_ONE if stub.id in QUESTIONS else OF_ALL
    for item in stub.items_by_id.values():
        assert item.text.root == {"en": sentence.format(ASKED[stub.id])}
        assert item.guidance is None
        assert {o.label.get("en") for o in item.options} <= {"Yes", "No"}
    assert [(s.title.get("en"), s.guidance) for s in stub.sections] == [("Questions", None)]


@each
def test_a_stub_has_as_many_questions_as_are_known_to_be_there(stub: Instrument) -> None:
    kinds = [item.type for item in stub.items_by_id.values()]
    if stub.id in QUESTIONS:
        assert kinds == [ItemType.CHOICE] * QUESTIONS[stub.id]
        assert stub.scoring.method is Method.ANY_POSITIVE
    else:
        assert kinds == [ItemType.INFO]
        assert stub.scoring.method is Method.NONE


@each
def test_no_question_is_tied_to_a_sign_on_the_strength_of_an_unchecked_topic(
    stub: Instrument,
) -> None:
    assert not [item.id for item in stub.items_by_id.values() if item.signs_named or item.fact]


@each
def test_a_stub_says_where_it_is_from_and_on_what_terms(stub: Instrument) -> None:
    assert stub.source.licence
    assert stub.source.permission
    assert stub.source.permission_granted is None
    assert stub.source.transcription.startswith("No wording was read")
    assert stub.law_sources
    assert set(stub.law_sources) <= set(rows.sources())


@each
def test_a_stub_carries_what_is_known_of_its_validation(stub: Instrument) -> None:
    for figure in MEASURED[stub.id]:
        assert figure in stub.source.validation


@pytest.mark.parametrize("code", ["covenant-house-nj-qyit", "chisolm-straker-raft"])
def test_the_wording_of_the_short_screens_needs_permission(code: str) -> None:
    assert shipped(code).source.permission.startswith("Needed.")


@pytest.mark.parametrize("code", ["vera-tvit-long", "vera-tvit-short"])
def test_the_tvit_needs_no_permission(code: str) -> None:
    assert shipped(code).source.permission.startswith("None needed")


@pytest.mark.parametrize("code", ["urban-htst", "urban-htst-sf"])
def test_the_tool_of_florida_is_told_apart_from_that_of_the_same_name(code: str) -> None:
    stub = shipped(code)
    assert "Florida" in stub.source.transcription
    assert "Florida" in stub.disclaimer.get("en")
    assert "2,010" not in stub.source.validation
    assert not [one.id for one in shipped_instruments() if "florida" in one.id]


@pytest.mark.parametrize("code", ["covenant-house-nj-qyit", "hhs-otip-ahtst", "urban-htst"])
def test_what_rests_on_memory_alone_is_marked_low_and_says_so(code: str) -> None:
    assert shipped(code).certainty == "low"
    assert "from knowledge" in shipped(code).source.transcription

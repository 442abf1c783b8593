"""What an instrument did in its study, counted again, and what a positive result is then worth."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from casework.domain.ternary import Ternary
from screening.domain.accuracy import ONE_IN_A_HUNDRED, Accuracy, TwoByTwo, ppv_at
from screening.domain.instrument import Instrument
from screening.domain.outcome import conclude
from tests.unit.screening.examples import all_said, document, section, shipped, yardstick

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parent / "published_accuracy_oracles.json").read_text(encoding="utf-8")
)
STUDIES = {
    "qyit": shipped("covenant-house-nj-qyit").source.accuracy[0],
    "raft_derivation": shipped("chisolm-straker-raft").source.accuracy[0],
    "raft_external": shipped("chisolm-straker-raft").source.accuracy[1],
}
OWNERS = {"qyit": "covenant-house-nj-qyit", "raft_external": "chisolm-straker-raft"}
TVIT = ("vera-tvit-long", "vera-tvit-short")
QYIT_AT_1 = Fraction(26, 30) / 100 / (Fraction(26, 30) / 100 + Fraction(73, 310) * 99 / 100)
RAFT_AT_1 = Fraction(1, 100) / (Fraction(1, 100) + Fraction(39, 100) * 99 / 100)
AT_1 = {"qyit": (QYIT_AT_1, 36), "raft_external": (RAFT_AT_1, 25)}
FIGURES = [(name, figure) for name in STUDIES for figure in PUBLISHED[name]["published"]]
WHOLE = TwoByTwo(tp=26, fn=4, fp=73, tn=237)
HALF = TwoByTwo(tp=12, fn=0)
each_study = pytest.mark.parametrize("name", STUDIES)


def study(**parts: object) -> Accuracy:
    return Accuracy.model_validate({"study": "A study", "population": "some people"} | parts)


def refusal(**parts: object) -> str:
    with pytest.raises(ValidationError) as refused:
        study(**parts)
    return refused.value.errors()[0]["type"]


def digits(share: float) -> int:
    """How many digits of a share were published, at most three."""
    return min(len(str(share).partition(".")[2]), 3)


@each_study
def test_the_seeds_hold_the_table_that_was_published(name: str) -> None:
    table = STUDIES[name].table
    assert table is not None
    oracle = PUBLISHED[name]
    assert table.model_dump(exclude_none=True) == {
        cell: oracle[cell] for cell in ("tp", "fn", "fp", "tn") if cell in oracle
    }


@pytest.mark.parametrize(("name", "figure"), FIGURES)
def test_every_published_figure_stands_in_the_seeds(name: str, figure: str) -> None:
    assert getattr(STUDIES[name], figure) == PUBLISHED[name]["published"][figure]


@pytest.mark.parametrize(("name", "figure"), FIGURES)
def test_every_published_figure_comes_out_of_its_table_again(name: str, figure: str) -> None:
    published = PUBLISHED[name]["published"][figure]
    counted = getattr(STUDIES[name].table, figure)
    if (name, figure) == ("raft_external", "specificity"):
        assert counted is None
    else:
        assert round(counted, digits(published)) == published


def test_what_a_result_was_worth_in_the_study_comes_out_of_the_table() -> None:
    assert WHOLE.ppv == pytest.approx(0.263, abs=0.0005)
    assert WHOLE.npv == pytest.approx(0.983, abs=0.0005)
    assert WHOLE.prevalence == pytest.approx(30 / 340)


@pytest.mark.parametrize("instrument_id", TVIT)
def test_the_share_of_the_tvit_study_is_that_of_its_people(instrument_id: str) -> None:
    found = shipped(instrument_id).source.accuracy[0]
    oracle = PUBLISHED["tvit"]
    assert found.n == oracle["n"]
    assert found.prevalence == round(oracle["trafficked"] / oracle["n"], 2)
    assert oracle["sex"] + oracle["labour"] == oracle["trafficked"]


@pytest.mark.parametrize("name", AT_1)
def test_the_worth_of_a_positive_result_at_one_in_a_hundred(name: str) -> None:
    expected, in_a_thousand = AT_1[name]
    assert STUDIES[name].ppv_at(ONE_IN_A_HUNDRED) == pytest.approx(float(expected))
    assert round(1000 * expected) == in_a_thousand


def test_the_worth_of_a_positive_raft_at_its_own_prevalence() -> None:
    assert STUDIES["raft_external"].ppv_at(0.014) == pytest.approx(0.035, abs=0.0005)


def filled(stub: Instrument) -> Instrument:
    """The stub with wording of an agency that had permission and says nothing of studies."""
    items = [
        item.model_dump(mode="json", by_alias=True) | {"text": {"en": f"Own words {item.id}?"}}
        for item in stub.items_by_id.values()
    ]
    granted = {"by": "The authors", "on": "2026-05-04", "reference": "Letter 7"}
    source = document()["source"] | {"permission_granted": granted}
    content = document(section("main", *items), id=stub.id, source=source)
    scoring = stub.scoring.model_dump(mode="json", by_alias=True)
    return Instrument.model_validate(content | {"scoring": scoring}).with_figures_of(stub)


@pytest.mark.parametrize("name", AT_1)
def test_a_conclusion_says_how_many_positive_results_would_be_right(name: str) -> None:
    stub = shipped(OWNERS[name])
    asking = filled(stub)
    finding = conclude(asking, "digest", all_said(asking, "yes"), yardstick(), Ternary.NO)
    assert finding.outcome == "positive"
    said = f"about {AT_1[name][1]} would be right"
    assert [said in caveat for caveat in finding.caveats].count(True) == 1
    assert stub.source.validation in finding.caveats


@pytest.mark.parametrize("name", AT_1)
def test_a_page_says_how_many_positive_results_would_be_right(name: str) -> None:
    said = f"about {AT_1[name][1]} would be right"
    assert [said in line for line in STUDIES[name].shown()].count(True) == 1
    assert [said in line for line in shipped(OWNERS[name]).source.figures].count(True) == 1


def test_an_agencys_own_studies_stand_beside_those_of_the_stub_once() -> None:
    stub = shipped("covenant-house-nj-qyit")
    again = filled(stub)
    own = study(sensitivity=0.5)
    source = again.source.model_copy(update={"accuracy": (own, STUDIES["qyit"])})
    more = again.model_copy(update={"source": source}).with_figures_of(stub)
    assert more.source.accuracy == (STUDIES["qyit"], own)


def test_what_is_shown_of_a_study_is_whole_sentences_with_no_digit_too_many() -> None:
    shown = study(n=4127, sensitivity=0.89, prevalence=0.011, note="A note.").shown()
    assert shown == (
        "A study: 4,127 in all: some people.",
        "Of 100 who were trafficked it found 89.",
        "Of 100 people in the study, so many were trafficked: 1.1.",
        "A note.",
    )


def test_what_was_not_published_is_shown_from_the_table() -> None:
    shown = study(table=WHOLE).shown()
    assert shown[:4] == (
        "A study: some people.",
        "Of 100 who were trafficked it found 86.7.",
        "Of 100 who were not trafficked it left alone 76.5.",
        "Of 100 people in the study, so many were trafficked: 8.8.",
    )


@pytest.mark.parametrize(
    "parts",
    [
        {"sensitivity": 0.9},
        {"specificity": 0.9},
        {"prevalence": 0.5},
        {"table": {"tp": 12, "fn": 0}},
        {"table": {"tp": 12, "fn": 0}, "sensitivity": 1.0},
    ],
)
def test_half_of_the_figures_give_no_worth(parts: dict[str, object]) -> None:
    half = study(**parts)
    assert half.ppv_at(ONE_IN_A_HUNDRED) is None
    assert half.worth() == ""
    assert not [line for line in half.shown() if "would be right" in line]


def test_a_half_of_a_table_is_filled_up_with_what_was_published() -> None:
    assert study(table=HALF, specificity=0.61).ppv_at(0.01) == pytest.approx(float(RAFT_AT_1))


def test_a_half_of_a_table_gives_only_what_it_holds() -> None:
    assert HALF.sensitivity == 1
    for missing in ("specificity", "ppv", "npv", "prevalence", "people"):
        assert getattr(HALF, missing) is None
    assert HALF.ppv_at(0.01) is None
    assert TwoByTwo(tp=1, fn=0, fp=3).people is None


def test_nobody_studied_gives_no_share() -> None:
    nobody = TwoByTwo(tp=0, fn=0, fp=0, tn=0)
    assert nobody.people == 0
    assert (nobody.sensitivity, nobody.prevalence, nobody.ppv) == (None, None, None)


def test_an_instrument_that_is_never_positive_has_no_positive_result_to_be_worth() -> None:
    assert ppv_at(0.0, 1.0, 0.01) is None


@pytest.mark.parametrize(
    ("figure", "wrong"), [("sensitivity", 0.871), ("specificity", 0.767), ("prevalence", 0.2)]
)
def test_a_table_that_is_not_that_of_the_published_figure_is_refused(
    figure: str, wrong: float
) -> None:
    assert refusal(table=WHOLE.model_dump(), **{figure: wrong}) == "figures_differ"


@pytest.mark.parametrize("published", [0.9, 0.87, 0.867, 0.8667])
def test_a_figure_agrees_in_as_many_digits_as_were_published_and_at_most_three(
    published: float,
) -> None:
    if published == 0.8667:
        assert refusal(table=WHOLE.model_dump(), sensitivity=published) == "figures_differ"
    else:
        assert study(table=WHOLE.model_dump(), sensitivity=published).sensitivity == published


def test_a_table_of_other_people_is_refused() -> None:
    assert refusal(table=WHOLE.model_dump(), n=307) == "people_differ"
    assert study(table=WHOLE.model_dump(), n=340).n == 340
    assert study(table=HALF.model_dump(), n=857).n == 857


def test_a_study_without_any_figure_is_refused() -> None:
    assert refusal(n=617) == "no_figure"


def test_an_instrument_with_a_wrong_table_is_refused_at_its_place() -> None:
    wrong = {"study": "A", "population": "b", "table": {"tp": 1, "fn": 1}, "sensitivity": 0.9}
    source = document()["source"] | {"accuracy": [wrong]}
    with pytest.raises(ValidationError) as refused:
        Instrument.model_validate(document(section("a"), source=source))
    assert refused.value.errors()[0]["loc"] == ("source", "accuracy", 0)

"""Every vignette comes to what the law and the report say, because of what they say."""

from collections import Counter
from datetime import date

import pytest

from casework.domain.errors import InvalidInputError
from casework.domain.relief import Outcome
from tests.golden.coming import Came, clock_of, form_of, gate_of, relief_of
from tests.golden.reading import (
    LEFT_OUT,
    ExpectedClock,
    ExpectedForm,
    ExpectedGate,
    ExpectedPathway,
    Reason,
    Vignette,
    vignettes,
)
from tests.golden.telling import told
from tests.seeds.rows import all_rows

ALL = vignettes()
FEWEST = 80
NAMED_BY_THE_ISSUE = (
    "child-sex-without-force",
    "child-labor-without-means",
    "adult-organ-removal",
    "h2a-debt",
    "a3-domestic-worker",
    "child-mexico-nothing-settled",
    "child-mexico-every-criterion-met",
    "child-honduras",
    "theft-new-york",
    "theft-arizona",
    "theft-pennsylvania",
    "theft-texas-small",
    "theft-federal-before-the-act",
    "theft-federal-on-the-day",
)
EVE_OF_THE_ACT = date(2000, 10, 27)
SETTLED = (Outcome.LIKELY, Outcome.UNLIKELY, LEFT_OUT)

FORMS = [(one, form) for one in ALL for form in one.expect.forms]
GATES = [(one, one.expect.gate) for one in ALL if one.expect.gate]
CLOCKS = [(one, clock) for one in ALL for clock in one.expect.clocks]
PATHWAYS = [(one, pathway) for one in ALL for pathway in one.expect.pathways]
WITH_REASONS = [
    (one, pathway)
    for one, pathway in PATHWAYS
    if pathway.because and pathway.outcome is not Outcome.NEEDS_INFORMATION
]


def name(value: object) -> str:
    if isinstance(value, ExpectedForm):
        return f"{value.form.value}-{value.definition}"
    if isinstance(value, ExpectedGate):
        return value.outcome
    return str(getattr(value, "id", ""))


@pytest.mark.parametrize(("vignette", "form"), FORMS, ids=name)
def test_each_form_comes_to_its_band(vignette: Vignette, form: ExpectedForm) -> None:
    came = form_of(form, told(vignette))
    rests_on(form, form.band, came)
    assert set(form.not_needed) <= came.exemptions
    assert said(form.note, came.said)


@pytest.mark.parametrize(("vignette", "form"), [one for one in FORMS if one[1].because], ids=name)
def test_without_its_reasons_a_form_has_another_band(
    vignette: Vignette, form: ExpectedForm
) -> None:
    came = form_of(form, told(vignette).without(form.because))
    assert came.outcome != form.band, came


@pytest.mark.parametrize(("vignette", "gate"), GATES, ids=name)
def test_the_instrument_comes_to_its_outcome(vignette: Vignette, gate: ExpectedGate) -> None:
    rests_on(gate, gate.outcome, gate_of(told(vignette)))


@pytest.mark.parametrize(("vignette", "gate"), GATES, ids=name)
def test_with_other_answers_the_instrument_comes_to_something_else(
    vignette: Vignette, gate: ExpectedGate
) -> None:
    other = gate_of(told(vignette).answering(gate.otherwise))
    assert other.outcome != gate.outcome, other


@pytest.mark.parametrize(("vignette", "clock"), CLOCKS, ids=name)
def test_each_period_concerns_whom_it_should(vignette: Vignette, clock: ExpectedClock) -> None:
    rests_on(clock, clock.outcome, clock_of(clock, told(vignette)))
    if clock.because:
        came = clock_of(clock, told(vignette).without(clock.because))
        assert came.outcome != clock.outcome, came


@pytest.mark.parametrize(("vignette", "pathway"), PATHWAYS, ids=name)
def test_each_form_of_relief_comes_to_its_outcome(
    vignette: Vignette, pathway: ExpectedPathway
) -> None:
    came = relief_of(pathway, told(vignette))
    rests_on(pathway, pathway.outcome, came)
    assert {pathway.exemption} - {""} <= came.exemptions, came
    assert set(pathway.conflicts) <= came.conflicts, came
    assert said(pathway.stated, came.stated), came
    assert said(pathway.advisory, came.said), came


@pytest.mark.parametrize(("vignette", "pathway"), WITH_REASONS, ids=name)
def test_without_its_reasons_a_form_of_relief_comes_to_something_else(
    vignette: Vignette, pathway: ExpectedPathway
) -> None:
    came = relief_of(pathway, told(vignette).without(pathway.because))
    assert came.outcome != pathway.outcome, came


@pytest.mark.parametrize(
    ("vignette", "pathway"), [one for one in WITH_REASONS if one[1].outcome in SETTLED], ids=name
)
def test_what_is_settled_rests_on_each_of_its_reasons(
    vignette: Vignette, pathway: ExpectedPathway
) -> None:
    for code in pathway.because:
        came = relief_of(pathway, told(vignette).without({code}))
        assert came.outcome != pathway.outcome, (code, came)


def test_there_are_as_many_as_were_asked_for_each_under_its_own_name() -> None:
    assert len(ALL) >= FEWEST
    twice = [one for one, count in Counter(each.id for each in ALL).items() if count > 1]
    assert not twice


def test_the_cases_that_the_acceptance_names_are_there() -> None:
    assert set(NAMED_BY_THE_ISSUE) <= {one.id for one in ALL}


def test_every_row_named_is_one_of_the_mission() -> None:
    mission = {row.code for row in all_rows() if row.kind == "mission"}
    assert {row for one in ALL for row in one.rows} <= mission


def test_no_vignette_plays_before_the_act_of_2000_but_for_its_eve() -> None:
    assert min(one.on for one in ALL) >= EVE_OF_THE_ACT


def test_a_code_that_is_no_fact_is_refused() -> None:
    strange = ALL[0].model_copy(update={"facts": {"no_such_fact": True}})
    with pytest.raises(InvalidInputError, match="no_such_fact"):
        told(strange)


def rests_on(expected: Reason, outcome: str, came: Came) -> None:
    assert came.outcome == outcome, (expected, came)
    assert came.stated or not expected.names_none, (expected, came)
    assert set(expected.because) <= came.because, (expected, came)
    assert set(expected.needs) <= came.needs, (expected, came)
    assert said(expected.citation, came.citations), (expected, came)


def said(part: str, whole: tuple[str, ...]) -> bool:
    return any(part in each for each in (*whole, ""))

"""The two long interviews of our own: every form reaches every band by one of them alone."""

import pytest

from casework.domain.findings import Band, Element, Framework, TraffickingForm
from casework.domain.ternary import Ternary
from tests.unit.screening.examples import finding_of, said, shipped, yardstick
from tests.unit.screening.interviews import (
    ADULT,
    CHILD,
    bands,
    concluded,
    interview,
    opening,
    silences,
    wide_questions,
)

BEGUN = "any_go_between recruited"
WITHOUT_MEANS = {
    TraffickingForm.COMMERCIAL_SEX: f"{BEGUN} any_sex_for_gain commercial_sex_act",
    TraffickingForm.LABOR: f"{BEGUN} any_unfree_work forced_labor",
    TraffickingForm.DOMESTIC_SERVITUDE: f"{BEGUN} any_unfree_work domestic_servitude",
    TraffickingForm.ORGAN_REMOVAL: f"{BEGUN} any_body_part organ_removal",
    TraffickingForm.DISABILITY_BENEFIT_THEFT: f"{BEGUN} any_disability_gain benefits_taken "
    "disability_work_exploited",
    TraffickingForm.FORCED_MARRIAGE: f"{BEGUN} any_marriage marriage_not_free forced_marriage "
    "servitude_in_marriage",
    TraffickingForm.OTHER: f"{BEGUN} any_begging_or_crime made_to_commit_crimes",
    TraffickingForm.CHILD_BEGGING_OR_CRIME: f"{BEGUN} any_before_18 child_begging",
}
MEANS = "any_violence force_used"

BROUGHT = "any_brought recruited"
OF_A_CHILD = {
    TraffickingForm.COMMERCIAL_SEX: f"{BROUGHT} any_sexual commercial_sex_act",
    TraffickingForm.LABOR: f"{BROUGHT} any_work child_labor",
    TraffickingForm.DOMESTIC_SERVITUDE: f"{BROUGHT} any_work sector_domestic_work "
    "domestic_servitude",
    TraffickingForm.ORGAN_REMOVAL: f"{BROUGHT} any_body organ_removal",
    TraffickingForm.DISABILITY_BENEFIT_THEFT: f"{BROUGHT} any_disability benefits_taken "
    "disability_work_exploited",
    TraffickingForm.FORCED_MARRIAGE: f"{BROUGHT} any_marriage child_marriage servitude_in_marriage",
    TraffickingForm.OTHER: f"{BROUGHT} any_begging_or_crime disability_begging any_disability",
    TraffickingForm.CHILD_BEGGING_OR_CRIME: f"{BROUGHT} any_begging_or_crime child_begging",
}
HURT = "any_hurt force_used"
NO_FEDERAL_PURPOSE = {TraffickingForm.ORGAN_REMOVAL}
each_framework = pytest.mark.parametrize("framework", list(Framework))
each_long_form = pytest.mark.parametrize("one", [ADULT, CHILD])


def _band(
    instrument_id: str, signs: str, form: TraffickingForm, framework: Framework, minor: Ternary
) -> Band:
    finding = concluded(instrument_id, interview(instrument_id, signs), minor)
    return finding_of(finding.forms, form, framework).band


def test_every_form_of_trafficking_is_tried() -> None:
    assert set(WITHOUT_MEANS) == set(OF_A_CHILD) == set(TraffickingForm)


def test_only_the_removal_of_organs_has_no_purpose_under_federal_law() -> None:
    without = {
        measure.form
        for measure in yardstick().measures
        if measure.definition.framework is Framework.FEDERAL and not measure.pool[Element.PURPOSE]
    }
    assert without == NO_FEDERAL_PURPOSE


@each_framework
@pytest.mark.parametrize(("form", "signs"), WITHOUT_MEANS.items())
def test_an_adult_interview_alone_reaches_strong(
    form: TraffickingForm, signs: str, framework: Framework
) -> None:
    found = _band(ADULT, f"{signs} {MEANS}", form, framework, Ternary.NO)
    if framework is Framework.FEDERAL and form in NO_FEDERAL_PURPOSE:
        assert found is Band.NOT_ENOUGH_ASKED
    else:
        assert found is Band.STRONG


@each_framework
@pytest.mark.parametrize(("form", "signs"), WITHOUT_MEANS.items())
def test_for_an_adult_an_act_and_a_purpose_without_means_are_only_some(
    form: TraffickingForm, signs: str, framework: Framework
) -> None:
    found = _band(ADULT, signs, form, framework, Ternary.NO)
    by_itself_under_18 = form is TraffickingForm.CHILD_BEGGING_OR_CRIME
    if framework is Framework.UN_PROTOCOL and by_itself_under_18:
        assert found is Band.STRONG
    elif framework is Framework.FEDERAL and form in NO_FEDERAL_PURPOSE:
        assert found is Band.NOT_ENOUGH_ASKED
    else:
        assert found is Band.SOME


@pytest.mark.parametrize(("form", "signs"), OF_A_CHILD.items())
def test_for_a_child_the_protocol_never_needs_means(form: TraffickingForm, signs: str) -> None:
    assert _band(CHILD, signs, form, Framework.UN_PROTOCOL, Ternary.YES) is Band.STRONG


@pytest.mark.parametrize(("form", "signs"), OF_A_CHILD.items())
def test_for_a_child_federal_law_needs_means_except_for_commercial_sex(
    form: TraffickingForm, signs: str
) -> None:
    without = _band(CHILD, signs, form, Framework.FEDERAL, Ternary.YES)
    with_means = _band(CHILD, f"{signs} {HURT}", form, Framework.FEDERAL, Ternary.YES)
    if form in NO_FEDERAL_PURPOSE:
        assert {without, with_means} == {Band.NOT_ENOUGH_ASKED}
    else:
        is_sex = form is TraffickingForm.COMMERCIAL_SEX
        assert without is (Band.STRONG if is_sex else Band.SOME)
        assert with_means is Band.STRONG


def test_commercial_sex_of_an_adult_without_means_is_never_strong() -> None:
    signs = WITHOUT_MEANS[TraffickingForm.COMMERCIAL_SEX]
    for minor in (Ternary.NO, Ternary.UNKNOWN):
        found = _band(ADULT, signs, TraffickingForm.COMMERCIAL_SEX, Framework.FEDERAL, minor)
        assert found is Band.SOME


@each_long_form
@pytest.mark.parametrize("minor", list(Ternary))
def test_a_plain_no_at_every_wide_question_is_none_seen_for_every_form(
    one: str, minor: Ternary
) -> None:
    answers = interview(one)
    assert bands(concluded(one, answers, minor)) == {Band.NONE_SEEN}
    assert len(answers) <= 25
    assert len(answers) < len(shipped(one).items_by_id) / 4


@each_long_form
@pytest.mark.parametrize("minor", list(Ternary))
def test_an_unanswered_interview_is_never_none_seen(one: str, minor: Ternary) -> None:
    assert bands(concluded(one, {}, minor)) == {Band.NOT_ENOUGH_ASKED}


@pytest.mark.parametrize("wide", wide_questions(ADULT))
def test_a_wide_yes_of_which_nothing_remains_is_none_seen_for_an_adult(wide: str) -> None:
    opened = " ".join((wide, *opening(shipped(ADULT), wide)))
    answers = interview(ADULT, opened)
    assert wide in answers
    assert bands(concluded(ADULT, answers)) == {Band.NONE_SEEN}


@pytest.mark.parametrize(
    ("one", "wide"),
    [(one, wide) for one in (ADULT, CHILD) for wide in wide_questions(one)],
)
def test_a_wide_question_without_an_answer_clears_no_form_that_it_is_about(
    one: str, wide: str
) -> None:
    gate = shipped(one).items_by_id[wide]
    assert gate.rules_out
    touched = {
        measure.form
        for measure in yardstick().measures
        if measure.relevant & set(gate.rules_out.indicators)
    }
    assert touched
    opened = " ".join(opening(shipped(one), wide))
    others = interview(one, opened, silent=[wide])
    for silence in silences():
        answers = others | said(**{wide: silence})
        cleared = {f.form for f in concluded(one, answers).forms if f.band is Band.NONE_SEEN}
        assert cleared.isdisjoint(touched)


@pytest.mark.parametrize("wide", ["any_unfree_work", "any_sex_for_gain"])
def test_a_yes_that_is_not_followed_up_is_never_none_seen(wide: str) -> None:
    answers = said(**{item: a.value for item, a in interview(ADULT).items()} | {wide: "yes"})
    assert Band.NOT_ENOUGH_ASKED in bands(concluded(ADULT, answers))

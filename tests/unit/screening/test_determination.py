"""How the signs support each form, under the federal and the UN definition side by side."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.findings import (
    Band,
    Element,
    ElementFinding,
    FormFinding,
    Framework,
    TraffickingForm,
)
from casework.domain.ternary import Ternary
from screening.domain.determination import determine
from screening.domain.form_notes import AGE_OPEN, NOTHING_ASKED, SEX_ALONE
from screening.domain.yardstick import Yardstick
from tests.unit.screening.examples import finding_of, vocabulary, yardstick

FEDERAL, UN = Framework.FEDERAL, Framework.UN_PROTOCOL
CODES = sorted(vocabulary())
CHILD, ADULT, AGE_UNKNOWN = Ternary.YES, Ternary.NO, Ternary.UNKNOWN


def _of(
    form: TraffickingForm,
    framework: Framework,
    *seen: str,
    minor: Ternary,
    others: Ternary = Ternary.UNKNOWN,
) -> FormFinding:
    values = dict.fromkeys(CODES, others) | dict.fromkeys(seen, Ternary.YES)
    return finding_of(determine(values, yardstick(), minor), form, framework)


def _element(finding: FormFinding, element: Element) -> ElementFinding:
    return next(found for found in finding.elements if found.element is element)


FEDERAL_SEX, FEDERAL_LABOR = "22 USC 7102(11)(A)", "22 USC 7102(11)(B)"
NO_MEANS_FEDERAL = f"No means needed: under 18 in commercial sex ({FEDERAL_SEX})."
NO_MEANS_UN = (
    "No means needed: under 18 (UN Trafficking in Persons Protocol (2000), art. 3(c)-(d))."
)
MEANS_FOR_CHILD_LABOR = (
    "For labor the federal definition asks for force, fraud or coercion also under 18 "
    f"({FEDERAL_LABOR}); the UN Protocol does not. Ask how the child was made to do it."
)
SEX, LABOR = TraffickingForm.COMMERCIAL_SEX, TraffickingForm.LABOR


def test_there_is_one_finding_for_every_form_under_every_definition() -> None:
    findings = determine({}, yardstick(), AGE_UNKNOWN)
    assert len(findings) == len(TraffickingForm) * len(Framework)
    assert {f.band for f in findings} == {Band.NOT_ENOUGH_ASKED}
    assert all(NOTHING_ASKED in f.notes for f in findings)


@pytest.mark.parametrize("framework", list(Framework))
def test_a_child_in_commercial_sex_needs_no_means(framework: Framework) -> None:
    seen = ("recruited", "commercial_sex_act")
    finding = _of(SEX, framework, *seen, minor=CHILD, others=Ternary.NO)
    means = _element(finding, Element.MEANS)
    assert finding.band is Band.STRONG
    assert means.supported == "no"
    assert means.not_needed_because == (NO_MEANS_FEDERAL if framework is FEDERAL else NO_MEANS_UN)


def test_a_sign_that_it_happened_under_18_stands_for_the_age_whatever_the_age_is_now() -> None:
    finding = _of(SEX, FEDERAL, "harbored", "commercial_sex_under_18", minor=ADULT)
    assert finding.band is Band.STRONG
    assert SEX_ALONE not in finding.notes


def test_an_adult_in_commercial_sex_needs_means() -> None:
    alone = _of(SEX, FEDERAL, "recruited", "commercial_sex_act", minor=ADULT, others=Ternary.NO)
    assert alone.band is Band.SOME
    assert SEX_ALONE in alone.notes
    forced = ("recruited", "commercial_sex_act", "commercial_sex_by_fraud")
    assert _of(SEX, FEDERAL, *forced, minor=ADULT).band is Band.STRONG


def test_labor_under_18_needs_means_federally_and_none_under_the_protocol() -> None:
    seen = ("harbored", "forced_labor")
    federal = _of(LABOR, FEDERAL, *seen, minor=CHILD, others=Ternary.NO)
    protocol = _of(LABOR, UN, *seen, minor=CHILD, others=Ternary.NO)
    assert federal.band is Band.SOME
    assert _element(federal, Element.MEANS).supported == "no"
    assert _element(federal, Element.MEANS).not_needed_because == ""
    assert MEANS_FOR_CHILD_LABOR in federal.notes
    assert protocol.band is Band.STRONG


def test_labor_of_a_child_with_means_is_strong_federally_too() -> None:
    seen = ("harbored", "forced_labor", "passport_retained")
    finding = _of(LABOR, FEDERAL, *seen, minor=CHILD)
    assert finding.band is Band.STRONG
    assert finding.citation == FEDERAL_LABOR
    assert MEANS_FOR_CHILD_LABOR not in finding.notes


@pytest.mark.parametrize("framework", list(Framework))
def test_an_unknown_age_is_never_taken_for_adult(framework: Framework) -> None:
    seen = ("recruited", "commercial_sex_act")
    finding = _of(SEX, framework, *seen, minor=AGE_UNKNOWN, others=Ternary.NO)
    assert _element(finding, Element.MEANS).supported == "unknown"
    assert AGE_OPEN in finding.notes
    assert finding.band is Band.SOME


def test_with_means_seen_the_unknown_age_leaves_nothing_open() -> None:
    seen = ("recruited", "commercial_sex_act", "commercial_sex_by_force")
    finding = _of(SEX, FEDERAL, *seen, minor=AGE_UNKNOWN)
    assert finding.band is Band.STRONG
    assert AGE_OPEN not in finding.notes


def test_organ_removal_counts_under_the_protocol_only_and_the_federal_note_says_what_to_ask() -> (
    None
):
    seen = ("transported", "organ_removal", "force_used")
    organ = TraffickingForm.ORGAN_REMOVAL
    assert _of(organ, UN, *seen, minor=ADULT).band is Band.STRONG
    federal = _of(organ, FEDERAL, *seen, minor=ADULT)
    assert federal.band is Band.NOT_ENOUGH_ASKED
    assert _element(federal, Element.PURPOSE).supported == "unknown"
    assert "42 USC 274e" in federal.notes[0]
    assert "Ask whether work" in federal.notes[0]


def test_a_person_with_a_disability_used_for_sex_falls_under_the_sex_limb() -> None:
    theft = TraffickingForm.DISABILITY_BENEFIT_THEFT
    finding = _of(theft, FEDERAL, "recruited", "disability_sex_exploited", minor=CHILD)
    assert finding.citation == FEDERAL_SEX
    assert finding.band is Band.STRONG
    work = _of(theft, FEDERAL, "recruited", "disability_work_exploited", minor=CHILD)
    assert work.citation == FEDERAL_LABOR
    assert work.band is Band.SOME


def test_taken_benefits_alone_are_outside_the_federal_purposes() -> None:
    theft = TraffickingForm.DISABILITY_BENEFIT_THEFT
    seen = ("harbored", "benefits_taken", "force_used")
    assert _of(theft, FEDERAL, *seen, minor=ADULT).band is Band.NOT_ENOUGH_ASKED
    assert _of(theft, UN, *seen, minor=ADULT).band is Band.STRONG


def test_two_lesser_signs_carry_an_element_and_one_does_not() -> None:
    around = ("recruited", "passport_retained")
    one = _of(LABOR, FEDERAL, *around, "no_rest_days", minor=ADULT)
    two = _of(LABOR, FEDERAL, *around, "no_rest_days", "excessive_hours", minor=ADULT)
    assert (one.band, two.band) == (Band.SOME, Band.STRONG)


def test_a_means_that_points_to_work_is_some_support_for_work_and_none_for_organs() -> None:
    findings = determine({"passport_retained": Ternary.YES}, yardstick(), ADULT)
    some = {f.form for f in findings if f.band is Band.SOME}
    assert some == {LABOR, TraffickingForm.DOMESTIC_SERVITUDE}


def test_once_the_purpose_is_supported_every_means_counts() -> None:
    seen = ("recruited", "commercial_sex_act", "passport_retained")
    finding = _of(SEX, FEDERAL, *seen, minor=ADULT)
    assert _element(finding, Element.MEANS).because == ("passport_retained",)
    assert finding.band is Band.STRONG


def test_means_of_the_protocol_alone_do_not_count_federally() -> None:
    seen = ("recruited", "forced_labor", "abuse_of_vulnerability")
    assert _of(LABOR, UN, *seen, minor=ADULT).band is Band.STRONG
    assert _of(LABOR, FEDERAL, *seen, minor=ADULT).band is Band.SOME


@pytest.mark.parametrize("minor", list(Ternary))
def test_nothing_is_seen_only_when_everything_was_asked(minor: Ternary) -> None:
    asked = dict.fromkeys(CODES, Ternary.NO)
    assert {f.band for f in determine(asked, yardstick(), minor)} == {Band.NONE_SEEN}
    for code in CODES:
        if vocabulary()[code].un_protocol:
            findings = determine(asked | {code: Ternary.UNKNOWN}, yardstick(), minor)
            open_forms = {f.form for f in findings if f.band is Band.NOT_ENOUGH_ASKED}
            assert open_forms == set(vocabulary()[code].forms or TraffickingForm)


def test_having_been_moved_is_by_itself_no_sign() -> None:
    finding = _of(LABOR, FEDERAL, "transported", minor=ADULT, others=Ternary.NO)
    assert finding.band is Band.NONE_SEEN


def test_belonging_to_a_group_at_risk_changes_no_finding() -> None:
    groups = {
        code: Ternary.YES
        for code, indicator in vocabulary().items()
        if indicator.element is Element.VULNERABILITY
    }
    assert determine(groups, yardstick(), ADULT) == determine({}, yardstick(), ADULT)


def test_without_a_vocabulary_nothing_is_concluded() -> None:
    findings = determine({}, Yardstick(indicators={}, definitions=yardstick().definitions), ADULT)
    assert {f.band for f in findings} == {Band.NOT_ENOUGH_ASKED}
    assert {e.supported for f in findings for e in f.elements} == {"unknown"}


def test_every_element_names_the_indicators_behind_it_and_those_still_open() -> None:
    finding = _of(LABOR, FEDERAL, "recruited", minor=ADULT)
    act = _element(finding, Element.ACT)
    assert act.because == ("recruited",)
    assert "harbored" in act.open_items


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(CODES), st.sampled_from(list(Ternary)), max_size=12),
    st.sampled_from(CODES),
    st.sampled_from(list(Ternary)),
)
def test_one_more_sign_weakens_no_form_but_one_whose_every_purpose_was_denied(
    values: dict[str, Ternary], one_more: str, minor: Ternary
) -> None:
    order = [Band.NONE_SEEN, Band.NOT_ENOUGH_ASKED, Band.SOME, Band.STRONG]
    before = determine(values, yardstick(), minor)
    after = determine(values | {one_more: Ternary.YES}, yardstick(), minor)
    purposes = {measure.form: measure.purposes for measure in yardstick().measures}
    for earlier, later in zip(before, after, strict=True):
        if all(values.get(code) is Ternary.NO for code in purposes[earlier.form]):
            continue
        assert order.index(earlier.band) <= order.index(later.band)

"""Our own four instruments: what they ask, in which order, in which words, and what they leave."""

from itertools import combinations

import pytest

from casework.domain.ternary import Ternary
from screening.domain.indicators import indicator_values
from screening.domain.instrument import Instrument, Status
from screening.domain.items import Item, ItemType
from screening.domain.rules import Method
from screening.domain.visibility import visible_items
from tests.unit.screening.examples import said, shipped, vocabulary
from tests.unit.screening.interviews import (
    ADULT,
    CHILD,
    HOUSEHOLD,
    LABOUR,
    OWN,
    concluded,
    interview,
    no_sign,
    opening,
)

LEFT_OUT = {
    "trafficking_evidence_seen": "a finding of the officer at the border, not a question",
    "child_cannot_decide": "a finding of the officer at the border, not a question",
    "deception_used": "asked as fraud_used; the protocol's word for the same",
    "young_person": "the date of birth says it",
}
NO_IS_THE_SIGN = {
    CHILD: "placement_not_followed_up household_work_without_limits no_rest_days isolated "
    "movement_restricted no_schooling forced_marriage"
}
"""Where words of its own, plainer for a child, turn the shared question round."""
YES = ("yes",)
each_own = pytest.mark.parametrize("one", [shipped(name) for name in OWN], ids=lambda one: one.id)


def _asks(one: Instrument) -> dict[str, Item]:
    """By sign the question that asks just for it."""
    return {code: item for item in one.items_by_id.values() for code in item.indicators}


SHARED = [
    (left, right, code)
    for left, right in combinations(OWN, 2)
    for code in sorted(_asks(shipped(left)).keys() & _asks(shipped(right)).keys())
]


@each_own
def test_it_is_in_use_not_validated_and_says_so(one: Instrument) -> None:
    assert one.status is Status.ACTIVE
    assert one.source.validation.startswith("Not validated")
    assert not one.source.accuracy
    assert one.law_sources


@each_own
def test_its_result_is_a_careful_word_and_never_a_verdict(one: Instrument) -> None:
    assert one.scoring.method is Method.ANY_POSITIVE
    codes = {band.code for band in one.scoring.bands} | {one.scoring.incomplete.code}
    assert codes == {"no_sign_named", "signs_to_follow_up", "incomplete"}
    for text in [one.scoring.incomplete.label, *(band.label for band in one.scoring.bands)]:
        assert "victim" not in text.get("en")
    assert concluded(one.id, {}).outcome == "incomplete"


@each_own
def test_every_question_can_be_reached(one: Instrument) -> None:
    for item in one.items_by_id:
        assert item in visible_items(one, said(**opening(one, item)))


@each_own
def test_what_is_only_a_circumstance_never_makes_a_result(one: Instrument) -> None:
    for code, item in _asks(one).items():
        if not vocabulary()[code].forms and vocabulary()[code].element == "vulnerability":
            assert not item.scored, code


@each_own
def test_a_question_names_its_sign_with_the_strength_of_the_vocabulary(one: Instrument) -> None:
    for code, item in _asks(one).items():
        assert item.indicators == (code,)
        assert item.strength is vocabulary()[code].strength


@each_own
def test_in_the_shared_words_yes_is_the_sign(one: Instrument) -> None:
    kept = {c: item for c, item in _asks(one).items() if item.text == vocabulary()[c].question}
    assert kept
    assert {code: item.positive_when for code, item in kept.items()} == dict.fromkeys(kept, YES)


@each_own
def test_no_is_the_sign_only_where_a_question_has_words_of_its_own_for_it(one: Instrument) -> None:
    turned = {code for code, item in _asks(one).items() if item.positive_when != YES}
    assert turned == set(NO_IS_THE_SIGN.get(one.id, "").split())


def test_every_sign_that_can_be_asked_is_asked_by_one_of_them() -> None:
    asked = {code for name in OWN for code in _asks(shipped(name))}
    assert vocabulary().keys() - asked == LEFT_OUT.keys()


@pytest.mark.parametrize(("left", "right", "code"), SHARED)
def test_the_same_answer_at_two_doors_is_the_same_sign(left: str, right: str, code: str) -> None:
    for harmed, value in ((True, Ternary.YES), (False, Ternary.NO)):
        for door in (left, right):
            item = _asks(shipped(door))[code]
            given = item.positive_when[0] if harmed else no_sign(item)
            answers = said(**opening(shipped(door), item.id) | {item.id: given})
            assert indicator_values(shipped(door), answers)[code] is value


@pytest.mark.parametrize("name", [ADULT, CHILD])
def test_needs_come_first_private_matters_late_and_wishes_last(name: str) -> None:
    sections = [section.id for section in shipped(name).sections]
    assert sections[0] == "needs"
    assert sections[-1] == "next"
    assert sections.index("private") > sections.index("work")
    assert next(iter(shipped(name).items_by_id)) == "interpreter_needed"
    before = shipped(name).sections[sections.index("private")].items[0]
    assert before.type is ItemType.INFO


@pytest.mark.parametrize(
    "always",
    ["any_unfree_work", "any_bad_terms", "any_sex_for_gain"],
)
def test_work_and_sex_are_asked_of_every_adult(always: str) -> None:
    assert not shipped(ADULT).conditions[always]
    assert always in interview(ADULT)


@pytest.mark.parametrize("always", ["any_work", "any_sexual"])
def test_work_and_sexual_exploitation_are_asked_of_every_child(always: str) -> None:
    assert not shipped(CHILD).conditions[always]


def test_details_of_abuse_are_never_asked_unless_the_person_opened_them() -> None:
    for name, details in (
        (ADULT, ("sex", "violence", "marriage", "organs", "disability", "before_18")),
        (CHILD, ("sexual_more", "hurt_more", "marriage_more", "body_more", "disability_more")),
    ):
        gated = {section.id: section.show_when for section in shipped(name).sections}
        assert all(gated[section] is not None for section in details)


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_child_interview_names_the_notice_to_hhs_within_24_hours(language: str) -> None:
    told = shipped(CHILD).items_by_id["what_follows"]
    assert "24" in told.text.get(language)
    assert "22 USC 7105(b)(1)(G)" in told.text.get(language)
    assert "usc-22-7105" in shipped(CHILD).law_sources


def test_the_child_interview_is_for_those_under_18_and_the_other_for_adults() -> None:
    assert shipped(CHILD).population.max_age == 17
    assert shipped(ADULT).population.min_age == 18


def test_labour_first_asks_at_most_twelve_questions_and_begins_with_work() -> None:
    items = list(shipped(LABOUR).items_by_id.values())
    assert len(items) <= 12
    assert shipped(LABOUR).sections[0].id == "work"
    wanted = {
        "recruitment_fee",
        "debt_used_to_hold",
        "passport_retained",
        "wages_withheld",
        "confined_isolated_or_watched",
        "deportation_threats",
        "labor_contractor_between",
        "others_in_same_situation",
    }
    assert wanted <= {code for item in items for code in item.indicators}


def test_labour_first_ends_with_the_other_doors_and_its_no_rules_nothing_out() -> None:
    last = list(shipped(LABOUR).items_by_id.values())[-1]
    assert last.id == "other_doors"
    assert last.rules_out is None
    assert concluded(LABOUR, said(other_doors="yes")).outcome == "signs_to_follow_up"


def test_the_short_forms_say_that_they_are_too_short_to_say_that_nothing_was_seen() -> None:
    for name in (LABOUR, HOUSEHOLD):
        finding = concluded(name, interview(name))
        assert {form.band for form in finding.forms} == {"not_enough_asked"}
        assert "too few" in finding.outcome_label


def test_labour_first_alone_can_point_strongly_to_labor_trafficking() -> None:
    finding = concluded(LABOUR, interview(LABOUR, "recruited forced_labor debt_used_to_hold"))
    assert {f.band for f in finding.forms if f.form == "labor"} == {"strong"}


@pytest.mark.parametrize(
    "code",
    [
        "no_written_contract",
        "passport_retained",
        "money_controlled",
        "excessive_hours",
        "no_rest_days",
        "isolated",
        "sector_diplomatic_household",
        "yearly_registration_missed",
    ],
)
def test_the_household_interview_asks_what_the_report_names(code: str) -> None:
    asked = _asks(shipped(HOUSEHOLD))
    assert code in asked
    assert not shipped(HOUSEHOLD).conditions[asked[code].id]
    assert "R7" in shipped(HOUSEHOLD).report_rows


def test_the_household_interview_asks_first_who_can_hear() -> None:
    first, then, *_ = shipped(HOUSEHOLD).items_by_id
    assert (first, then) == ("someone_from_the_home_near", "another_time")
    shown = visible_items(shipped(HOUSEHOLD), said(**{first: "yes"}))
    assert then in shown
    assert then not in visible_items(shipped(HOUSEHOLD), said(**{first: "no"}))


def test_working_for_a_diplomat_is_no_servitude_by_itself() -> None:
    there = "sector_diplomatic_household"
    only_there = concluded(HOUSEHOLD, interview(HOUSEHOLD, there))
    assert only_there.indicators["diplomatic_household_servitude"] == "no"
    signs = f"{there} recruited passport_retained domestic_servitude diplomatic_household_servitude"
    held = concluded(HOUSEHOLD, interview(HOUSEHOLD, signs))
    assert held.indicators["diplomatic_household_servitude"] == "yes"
    assert {f.band for f in held.forms if f.form == "domestic_servitude"} == {"strong"}

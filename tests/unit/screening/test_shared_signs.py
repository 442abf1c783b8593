"""A sign that points to several forms does not keep up one that was asked about and denied."""

from casework.domain.findings import Band, Element, Framework, TraffickingForm
from casework.domain.ternary import Ternary
from screening.domain.determination import determine
from tests.unit.screening.examples import finding_of, vocabulary, yardstick

LABOR, HOUSEHOLD = TraffickingForm.LABOR, TraffickingForm.DOMESTIC_SERVITUDE
ALL_DENIED = dict.fromkeys(vocabulary(), Ternary.NO)


def _purposes(form: TraffickingForm) -> set[str]:
    return {
        code
        for code, one in vocabulary().items()
        if form in one.forms and one.element is Element.PURPOSE
    }


ONLY_WORK = min(_purposes(LABOR) - _purposes(HOUSEHOLD))
ONLY_HOUSEHOLD = _purposes(HOUSEHOLD) - {ONLY_WORK}
SHARED = "passport_retained"


def _household(values: dict[str, Ternary]) -> Band:
    found = determine(values, yardstick(), Ternary.NO)
    return finding_of(found, HOUSEHOLD, Framework.FEDERAL).band


def test_a_shared_sign_says_nothing_of_a_form_denied_when_another_form_explains_it() -> None:
    seen = {SHARED: Ternary.YES, ONLY_WORK: Ternary.YES}
    assert _household(ALL_DENIED | seen) is Band.NONE_SEEN


def test_a_shared_sign_that_no_form_explains_goes_on_pointing() -> None:
    assert _household(ALL_DENIED | {SHARED: Ternary.YES}) is Band.SOME


def test_a_shared_sign_goes_on_pointing_while_one_purpose_was_not_asked_about() -> None:
    seen = {SHARED: Ternary.YES, ONLY_WORK: Ternary.YES}
    open_ = {min(ONLY_HOUSEHOLD): Ternary.UNKNOWN}
    assert _household(ALL_DENIED | seen | open_) is Band.SOME


def test_a_sign_of_no_form_is_explained_by_whichever_form_was_seen() -> None:
    formless = next(
        code for code, one in vocabulary().items() if one.element is Element.MEANS and not one.forms
    )
    assert _household(ALL_DENIED | {formless: Ternary.YES}) is Band.NOT_ENOUGH_ASKED
    seen = {formless: Ternary.YES, ONLY_WORK: Ternary.YES}
    assert _household(ALL_DENIED | seen) is Band.NONE_SEEN

"""The language of the questions is not that of the page, and shows where it is not reviewed."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from casework.access import agency_context
from casework.domain.errors import InvalidInputError
from casework.domain.permissions import Principal
from casework.models import Agency, Case, User
from screening.domain.accuracy import Accuracy
from screening.services.instruments import instrument_of
from screening.services.packs import check_pack
from screening.web.sentences import FILLED, FIXED, reworded
from screening.web.sheet import Sheet, sheet_of
from tests import builders
from tests.screening.bad_packs import BAD
from tests.unit.screening.examples import instrument, question, section

Clients = Callable[[User], Client]
BOTH = {"en": "Were you free to leave?", "ar": "هل كنت حرًّا في المغادرة؟"}
HMIS = "hud-hmis-r15-r16"


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """A request leaves its language behind in the thread; the next test begins in English."""
    with override("en"):
        yield


def _sheet(lang: str, *, text: object = BOTH, **parts: object) -> Sheet:
    asked = section("s", question("q", text=text, type="boolean"), title={"en": "S", "ar": "ق"})
    return sheet_of(instrument(asked, languages=["en", "ar"], **parts), {}, lang)


def test_words_that_nobody_reviewed_say_so_and_the_english_stands_beside() -> None:
    sheet = _sheet("ar")
    assert (sheet.unreviewed, sheet.wording_missing, sheet.some_missing) == (True, False, False)
    asked = sheet.sections[0].questions[0]
    assert (asked.text.lang, asked.text.dir) == ("ar", "rtl")
    assert asked.english
    assert asked.english.text == BOTH["en"]


def test_reviewed_words_and_english_ones_say_nothing() -> None:
    assert not _sheet("ar", translations_reviewed=["ar"]).unreviewed
    assert not _sheet("en").unreviewed
    assert _sheet("en").sections[0].questions[0].english is None


def test_words_that_are_missing_are_english_and_the_page_says_so() -> None:
    some = _sheet("ar", text={"en": BOTH["en"]})
    assert (some.some_missing, some.wording_missing) == (True, False)
    assert some.sections[0].questions[0].text.lang == "en"
    none = _sheet("es")
    assert (none.some_missing, none.wording_missing) == (False, True)


def test_yes_and_no_are_in_the_language_of_the_question() -> None:
    labels = [choice.label for choice in _sheet("ar").sections[0].questions[0].options]
    assert labels == ["نعم", "لا"]
    with override("es"):
        fallback = _sheet("es").sections[0].questions[0].options
    assert [(choice.label, choice.lang, choice.dir) for choice in fallback] == [
        ("Yes", "en", "ltr"),
        ("No", "en", "ltr"),
    ]


def test_the_page_may_be_arabic_while_the_questions_are_english(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.started_screening(by=alice, at=at, case=case, instrument=HMIS)
    browser = people_client(alice_user)
    browser.post(reverse("language"), {"language": "ar", "back": "/"})
    page = browser.get(reverse("screening", args=[screening.ref])).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "لغة الأسئلة" in page
    assert '<legend class="usa-legend cw-legend" lang="en" dir="ltr">' in page
    assert "المترجم غير متأكد" in page


@pytest.mark.parametrize("language", ["es", "ar"])
def test_every_page_of_a_screening_shows_in_the_language(
    *,
    language: str,
    case: Case,
    alice: Principal,
    at: datetime,
    alice_user: User,
    people_client: Clients,
) -> None:
    open_one = builders.started_screening(by=alice, at=at, case=case, instrument=HMIS)
    done = builders.concluded_screening(by=alice, at=at, case=case)
    browser = people_client(alice_user)
    browser.post(reverse("language"), {"language": language, "back": "/"})
    for address in (
        reverse("screening_new"),
        reverse("screening_review", args=[open_one.ref]),
        reverse("screening_outcome", args=[done.ref]),
    ):
        page = browser.get(address)
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.content.decode()


def test_what_screening_says_is_known_to_the_catalogs() -> None:
    for language in ("es", "ar"):
        with override(language):
            assert [text for text in (*FIXED, *FILLED) if str(reworded(text)) == text] == []
            assert "<span" not in str(
                reworded("The instrument is not in its final wording (status: draft).")
            )


def test_the_outcome_is_called_what_the_instrument_calls_it_in_the_language_of_the_page(
    people_client: Clients, alice_user: User, alice: Principal, case: Case, at: datetime
) -> None:
    said = {"a_recruitment": "yes"}
    own = builders.concluded_screening(
        by=alice, at=at, case=case, instrument="harmonised-adult", values={}
    )
    other = builders.concluded_screening(by=alice, at=at, case=case, values=said)
    browser = people_client(alice_user)
    browser.post(reverse("language"), {"language": "es", "back": "/"})
    langs = [
        browser.get(reverse("screening_outcome", args=[one.ref])).context["result"].lang
        for one in (own, other)
    ]
    assert langs == ["es", "en"]


def test_what_studies_found_is_said_in_the_language_of_the_page() -> None:
    study = Accuracy(
        study="A study", population="some people", n=10, sensitivity=0.9, specificity=0.8
    )
    with override("es"):
        about, found, left_alone, worth = (str(reworded(line)) for line in study.shown())
    english = '<span lang="en" dir="ltr">{}</span>'
    assert about == f"{english.format('A study')}: 10 en total: {english.format('some people')}."
    assert "lang=" not in found + left_alone
    assert worth.endswith(f"serían correctos ({english.format('A study; some people')}).")


@pytest.mark.parametrize("kind", [kind for kind in BAD if kind != "not YAML"])
def test_why_a_file_is_refused_is_said_in_the_language_of_the_page(
    kind: str, bob: Principal, harbor: Agency
) -> None:
    bad = BAD[kind]
    with agency_context(harbor.pk), pytest.raises(InvalidInputError) as refusal:
        check_pack(bad.content, bad.name, by=bob)
    with override("ar"):
        reasons = [problem.detail.split(": ", 2)[2] for problem in refusal.value.problems]
        assert [reason for reason in reasons if "lang=" in str(reworded(reason))] == []


def test_the_case_page_says_what_a_screening_came_to_in_the_language_of_the_page(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.concluded_screening(
        by=alice, at=at, case=case, instrument="labour-first", values={"recruited": "no"}
    )
    address, spanish = reverse("case", args=[case.ref]), {"Accept-Language": "es"}
    page = people_client(alice_user).get(address, headers=spanish).content.decode()
    said = instrument_of(screening.definition).scoring.incomplete.label
    assert said.get("es") in page
    assert said.get("en") not in page

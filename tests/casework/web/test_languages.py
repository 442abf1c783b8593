"""The pages in Spanish and Arabic: chosen by a button, kept in a cookie, honest about gaps."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from casework.domain.errors import InvalidInputError, NotPermittedError
from casework.domain.facts import FactDefinition
from casework.domain.permissions import Principal
from casework.models import Case, User
from casework.web.forms import ReasonForm
from casework.web.moments import in_words, local_text
from casework.web.sentences import FILLED, FIXED, translated
from casework.web.written_in import fact_label, marked, option_label
from tests import builders

Clients = Callable[[User], Client]
UNREVIEWED = "This translation has not been reviewed by a person yet."
TODAY = {"es": "Hoy", "ar": "اليوم"}
DIRECTION = {"en": "ltr", "es": "ltr", "ar": "rtl"}


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """A request leaves its language behind in the thread; the next test begins in English."""
    with override("en"):
        yield


def _choose(browser: Client, language: str, back: str = "/") -> str:
    answer = browser.post(reverse("language"), {"language": language, "back": back})
    return answer.headers["Location"]


@pytest.mark.parametrize("language", ["es", "ar"])
def test_a_chosen_language_stays(
    language: str, case: Case, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    assert _choose(browser, language) == "/"
    page = browser.get(reverse("today")).content.decode()
    assert f'<html lang="{language}" dir="{DIRECTION[language]}">' in page
    assert f"<h1>{TODAY[language]}</h1>" in page
    again = browser.get(reverse("case", args=[case.ref])).content.decode()
    assert f'<html lang="{language}"' in again


def test_without_a_choice_the_browser_decides(alice_user: User, people_client: Clients) -> None:
    browser = people_client(alice_user)
    page = browser.get(reverse("today"), headers={"Accept-Language": "ar-EG, en;q=0.5"})
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    other = browser.get(reverse("today"), headers={"Accept-Language": "fr"})
    assert '<html lang="en" dir="ltr">' in other.content.decode()


@pytest.mark.usefixtures("stage")
def test_the_choice_works_before_the_log_in_and_its_cookie_is_kept_close(client: Client) -> None:
    _choose(client, "es", reverse("account_login"))
    cookie = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["max-age"] == ""
    assert "Iniciar sesión" in client.get(reverse("account_login")).content.decode()


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "evil", ""])
def test_choosing_leads_to_no_foreign_place(back: str, client: Client) -> None:
    assert _choose(client, "es", back) == "/"


@pytest.mark.usefixtures("stage")
def test_a_language_without_a_catalog_is_not_taken(client: Client) -> None:
    _choose(client, "xx")
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies
    assert client.get(reverse("language")).status_code == 405


def test_the_switch_leads_back_to_a_page_that_can_be_asked_for(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    here = reverse("case", args=[case.ref])
    for page in (
        browser.get(here),
        browser.post(reverse("case_reveal", args=[case.ref])),
        browser.post(reverse("case_reopen", args=[case.ref])),
    ):
        assert f'name="back" value="{here}"' in page.content.decode()
    form = reverse("event_new", args=[case.ref])
    assert f'name="back" value="{form}"' in browser.post(form, {}).content.decode()


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_a_translation_that_nobody_reviewed_says_so(
    language: str, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    _choose(browser, language)
    page = browser.get(reverse("today")).content.decode()
    assert (UNREVIEWED in page) == (language not in settings.TRANSLATIONS_REVIEWED)


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_leaving_works_and_titles_stay_neutral(
    language: str, case: Case, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    _choose(browser, language)
    page = browser.get(reverse("case", args=[case.ref])).content.decode()
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert title == {"en": "Case", "es": "Caso", "ar": "الحالة"}[language]
    assert f'action="{reverse("leave")}"' in page
    answer = browser.post(reverse("leave"))
    assert '"cookies"' in answer["Clear-Site-Data"]
    weather = browser.get(answer["Location"]).content.decode()
    assert {"en": "Weather", "es": "El tiempo", "ar": "الطقس"}[language] in weather
    assert f'dir="{DIRECTION[language]}"' in weather
    assert browser.get(reverse("today")).status_code == 302


def test_knowledge_in_english_is_marked_on_a_page_of_another_language(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    browser = people_client(alice_user)
    plain = browser.get(reverse("case", args=[case.ref])).content.decode()
    _choose(browser, "ar")
    page = browser.get(reverse("case", args=[case.ref])).content.decode()
    assert '<span lang="en" dir="ltr">' not in plain
    assert '<strong><span lang="en" dir="ltr">' in page
    assert "\N{LEFT-TO-RIGHT ISOLATE}" in page


def test_refusals_are_said_in_the_language_of_the_page(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    _choose(browser, "es")
    answer = browser.post(reverse("case_close", args=[case.ref]), {"reason": ""})
    assert answer.status_code == 422
    assert "Diga por qué se cierra el caso." in answer.content.decode()


def test_a_refusal_that_no_catalog_knows_stays_english_and_marked() -> None:
    with override("ar"):
        assert str(translated("Nobody wrote this <down>.")) == (
            '<span lang="en" dir="ltr">Nobody wrote this &lt;down&gt;.</span>'
        )
        form = ReasonForm({})
        form.refuse(InvalidInputError.at("/reason", "required", "Say why the case is closed."))
        assert form.errors["reason"] == ["اذكر سبب إغلاق الحالة."]


def test_sentences_with_a_changing_part_are_found() -> None:
    assert translated("Choose an end within 365 days.") == "Choose an end within 365 days."
    with override("es"):
        assert translated("Choose an end within 365 days.") == "Elija un final dentro de 365 días."
        assert translated(NotPermittedError().detail) == "Su función no permite esto."
        assert [text for text in (*FIXED, *FILLED) if str(translated(text)) == text] == []


def test_moments_and_spans_follow_the_language(at: datetime) -> None:
    with override("es"):
        assert local_text(at, "America/Chicago").endswith("2026, 10:00 CDT")
        assert local_text(at, "America/Chicago").startswith("lun 1")
        assert in_words(at - at.replace(day=1, hour=12)) == "3 horas"
    with override("ar"):
        assert "\N{LEFT-TO-RIGHT ISOLATE}10:00 CDT\N{POP DIRECTIONAL ISOLATE}" in local_text(
            at, "America/Chicago"
        )


def _fact(**parts: object) -> FactDefinition:
    words = {
        "label": "Age",
        "question": "How old?",
        "why_we_ask": "It counts.",
        "how_to_ask": "So.",
    }
    said = {"code": "age", "type": "integer", "meaning": "m", "citation": "c", "group": "person"}
    return FactDefinition.model_validate({**said, **words, **parts})


def test_a_fact_is_named_in_the_language_of_the_page_where_it_has_words() -> None:
    spanish = {"label": "Edad", "question": "¿?", "why_we_ask": "p", "how_to_ask": "c"}
    fact = _fact(translations={"es": spanish})
    with override("es"):
        assert fact_label(fact) == "Edad"
    with override("ar"):
        assert fact_label(fact) == '<span lang="en" dir="ltr">Age</span>'
        assert marked("سن", "ar") == "سن"
    assert marked("سن", "ar") == '<span lang="ar" dir="rtl">سن</span>'


def test_an_option_is_named_in_the_language_of_the_page_where_it_has_words() -> None:
    called = {"H-2A": {"en": "Farm work", "es": "Trabajo en el campo"}}
    fact = _fact(type="choice", options=["H-2A"], option_labels=called)
    with override("es"):
        assert option_label(fact, "H-2A") == "Trabajo en el campo"
    with override("ar"):
        assert option_label(fact, "H-2A") == "Farm work"
    unnamed = _fact(type="choice", options=["H-2A", "too_far"])
    assert [option_label(unnamed, code) for code in unnamed.options] == ["H-2A", "Too far"]


def test_the_options_of_a_fact_and_the_one_chosen_are_in_the_language_of_the_page(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    _choose(browser, "ar")
    asked = browser.get(reverse("fact_new", args=[case.ref]) + "?fact=visa_class")
    assert '<option value="none">بلا تأشيرة</option>' in asked.content.decode()
    builders.assert_fact(case=case, by=alice, at=at, code="visa_class", value="none")
    assert "بلا تأشيرة" in browser.get(reverse("case", args=[case.ref])).content.decode()


def test_the_page_of_a_fact_says_when_its_words_are_english(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    _choose(browser, "ar")
    address = reverse("fact_new", args=[case.ref])
    assert browser.get(address).status_code == 200
    page = browser.get(address + "?fact=visa_class").content.decode()
    assert ("تُعرض بالإنجليزية" in page) or ("لم يراجع أي شخص ترجمة هذا السؤال" in page)

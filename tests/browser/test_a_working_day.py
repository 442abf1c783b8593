"""A caseworker's way through the pages in a real browser, on a wide screen and on a phone."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions as until
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.browser.conftest import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
OpenBrowser = Callable[..., Browser]
CASE_SCREENINGS = "section[aria-labelledby=screenings] .cw-actions a"


def _click(browser: Browser, css: str) -> None:
    target = browser.find_element(By.CSS_SELECTOR, css)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", target)
    target.click()


def _arrives(browser: Browser, title: str) -> None:
    WebDriverWait(browser, 20).until(until.title_is(title))


def _log_in(browser: Browser, server: str) -> None:
    browser.get(f"{server}/accounts/login/")
    browser.find_element(By.NAME, "login").send_keys("alice@demo.example")
    browser.find_element(By.NAME, "password").send_keys("demo-only-passphrase")
    _click(browser, "main form button[type=submit]")
    _arrives(browser, "Today")


def _open_case(browser: Browser, server: str) -> None:
    browser.get(f"{server}/cases/new/")
    browser.find_element(By.NAME, "preferred_name").send_keys("Invented")
    _click(browser, "main form button[type=submit]")
    _arrives(browser, "Case")


def _begin(browser: Browser, instrument: str) -> None:
    _click(browser, CASE_SCREENINGS)
    _click(browser, f"label[for=i-{instrument}]")
    _click(browser, "main form button[type=submit]")
    _arrives(browser, "Questions")


def _fits(browser: Browser) -> None:
    """Nothing runs out of the side of the screen, and nothing was blocked or broken."""
    width, wide = browser.execute_script(
        "return [innerWidth, document.documentElement.scrollWidth]"
    )
    assert wide <= width, f"{browser.current_url} is {wide} wide on a screen of {width}"
    said = browser.execute("getLog", {"type": "browser"})["value"]
    assert [entry["message"] for entry in said] == []


@pytest.mark.parametrize("width", [1280, 320])
def test_from_the_log_in_to_a_drafted_referral(
    width: int, server: str, open_browser: OpenBrowser
) -> None:
    browser = open_browser(width)
    _log_in(browser, server)
    _fits(browser)
    _open_case(browser, server)
    _fits(browser)
    _begin(browser, "ilo-11-forced-labour")
    _fits(browser)
    _click(browser, "label[for=a-i07-1]")
    WebDriverWait(browser, 10).until(
        until.text_to_be_present_in_element((By.ID, "saved"), "Saved.")
    )
    browser.refresh()
    _arrives(browser, "Questions")
    assert browser.find_element(By.ID, "a-i07-1").is_selected()
    _click(browser, "label[for=s-i01-2]")
    _click(browser, "form.cw-questions button[type=submit]")
    _arrives(browser, "Read back")
    _fits(browser)
    _click(browser, "label[for=minor-unknown]")
    _click(browser, "form[action$='conclude/'] button")
    _arrives(browser, "Outcome")
    _fits(browser)
    _click(browser, "a[href$='referrals/new/']")
    Select(browser.find_element(By.NAME, "recipient")).select_by_visible_text("Northside Legal")
    _click(browser, "input[name=fields_][value=language] + label")
    _click(browser, "main form button[type=submit]")
    _arrives(browser, "Referral")
    assert "no consent covers this" in browser.page_source
    _fits(browser)


def test_an_answer_opens_its_questions_without_a_reload(
    server: str, open_browser: OpenBrowser
) -> None:
    browser = open_browser(1280)
    _log_in(browser, server)
    _open_case(browser, server)
    _begin(browser, "hud-hmis-r15-r16")
    assert not browser.find_element(By.ID, "q-R15_A").is_displayed()
    _click(browser, "label[for=a-R15_1-1]")
    WebDriverWait(browser, 10).until(until.visibility_of_element_located((By.ID, "q-R15_A")))
    _fits(browser)


def test_without_javascript_answers_are_saved_and_questions_open_on_saving(
    server: str, open_browser: OpenBrowser
) -> None:
    browser = open_browser(1280, javascript=False)
    _log_in(browser, server)
    _open_case(browser, server)
    _begin(browser, "hud-hmis-r15-r16")
    browser.find_element(By.CSS_SELECTOR, "label[for=a-R15_1-1]").click()
    browser.find_element(By.CSS_SELECTOR, "form.cw-questions button[type=submit]").click()
    WebDriverWait(browser, 20).until(until.presence_of_element_located((By.ID, "a-R15_A-1")))
    assert browser.find_element(By.ID, "a-R15_1-1").is_selected()


def test_escape_three_times_leaves_for_good(server: str, open_browser: OpenBrowser) -> None:
    browser = open_browser(1280)
    _log_in(browser, server)
    _open_case(browser, server)
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE * 3)
    WebDriverWait(browser, 10).until(until.title_is("Weather"))
    browser.back()
    WebDriverWait(browser, 10).until_not(until.title_is("Weather"))
    assert "Invented" not in browser.page_source
    browser.get(f"{server}/cases/")
    _arrives(browser, "Log in")

"""The pages in Spanish and Arabic in a real browser: switch, direction and narrow screen."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as until
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.conftest import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
OpenBrowser = Callable[..., Browser]
TITLES = {
    "es": ("Iniciar sesión", "Hoy", "Caso", "Preguntas", "El tiempo"),
    "ar": ("تسجيل الدخول", "اليوم", "الحالة", "الأسئلة", "الطقس"),
}
DIRECTION = {"es": "ltr", "ar": "rtl"}


def _click(browser: Browser, css: str) -> None:
    target = browser.find_element(By.CSS_SELECTOR, css)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", target)
    target.click()


def _arrives(browser: Browser, title: str, language: str) -> None:
    """There, in the language, with nothing out of the side of the screen."""
    WebDriverWait(browser, 20).until(until.title_is(title))
    page = browser.find_element(By.TAG_NAME, "html")
    assert (page.get_attribute("lang"), page.get_attribute("dir")) == (
        language,
        DIRECTION[language],
    )
    width, wide = browser.execute_script(
        "return [innerWidth, document.documentElement.scrollWidth]"
    )
    assert wide <= width, f"{browser.current_url} is {wide} wide on a screen of {width}"


@pytest.mark.parametrize("language", ["es", "ar"])
@pytest.mark.parametrize("width", [1280, 320])
def test_a_day_in_another_language(
    language: str, width: int, server: str, open_browser: OpenBrowser
) -> None:
    log_in, today, case, questions, weather = TITLES[language]
    browser = open_browser(width)
    browser.get(f"{server}/accounts/login/")
    _click(browser, f".cw-languages button[value={language}]")
    _arrives(browser, log_in, language)
    browser.find_element(By.NAME, "login").send_keys("alice@demo.example")
    browser.find_element(By.NAME, "password").send_keys("demo-only-passphrase")
    _click(browser, "main form button[type=submit]")
    _arrives(browser, today, language)
    _click(browser, "main table a[href*='/cases/']")
    _arrives(browser, case, language)
    _click(browser, "section[aria-labelledby=screenings] .cw-actions a")
    _click(browser, "label[for=i-palermo-matrix]")
    _click(browser, "main form button[type=submit]")
    _arrives(browser, questions, language)
    _click(browser, "label[for=a-a_recruitment-1]")
    assert browser.find_element(By.ID, "a-a_recruitment-1").is_selected()
    _click(browser, ".cw-leave__button")
    WebDriverWait(browser, 10).until(until.title_is(weather))


def test_the_switch_works_without_javascript(server: str, open_browser: OpenBrowser) -> None:
    browser = open_browser(320, javascript=False)
    browser.get(f"{server}/accounts/login/")
    browser.find_element(By.CSS_SELECTOR, ".cw-languages button[value=ar]").click()
    WebDriverWait(browser, 20).until(until.title_is(TITLES["ar"][0]))
    assert browser.current_url == f"{server}/accounts/login/"
    browser.find_element(By.CSS_SELECTOR, ".cw-languages button[value=en]").click()
    WebDriverWait(browser, 20).until(until.title_is("Log in"))

"""The demo served by a real server, and a real Chromium in front of it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from config.processes import free_port
from tests.database import empty, environment_of

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
UNUSED = ("scss", "theme", "components", "*.map")
Browser = webdriver.Chrome


@pytest.fixture(scope="session")
def serving(
    django_db_setup: None,  # noqa: ARG001
    database_name: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of one server for all tests, on a port of its own, with the static files."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "static").mkdir()
    own = {"DEMO": "1", "STATIC_ROOT": str(folder / "static")}
    environment = environment_of(database_name) | own
    ignored = [part for pattern in UNUSED for part in ("--ignore", pattern)]
    _manage(environment, "collectstatic", "--noinput", "--verbosity", "0", *ignored)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}"]
    with (
        (folder / "server.log").open("wb") as log,
        subprocess.Popen(
            [*command, "--no-control-socket"], cwd=ROOT, env=environment, stdout=log, stderr=log
        ) as process,
    ):
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def server(serving: str, database_name: str) -> Iterator[str]:
    """Its address; the demo is in the database, with what the tests of the module add to it."""
    _manage(environment_of(database_name) | {"DEMO": "1"}, "load_demo")
    yield serving
    empty(database_name)


def _manage(environment: Mapping[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=dict(environment),
        check=True,
        capture_output=True,
    )


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server did not start")


@pytest.fixture(scope="session")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Browser]]:
    """One browser with JavaScript and one without, for all tests; started when first wanted."""
    if not (CHROMIUM and DRIVER):
        if os.environ.get("CI"):
            pytest.fail("chromium and chromedriver are not installed")
        pytest.skip("chromium and chromedriver are not installed")
    started: dict[bool, Browser] = {}
    with ExitStack() as open_ones:

        def give(*, javascript: bool) -> Browser:
            if javascript not in started:
                browser = _started(tmp_path_factory.mktemp("profile"), javascript=javascript)
                open_ones.callback(browser.quit)
                started[javascript] = browser
            return started[javascript]

        yield give


def _started(profile: Path, *, javascript: bool) -> Browser:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in FLAGS:
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={profile}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not javascript:
        preferences = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", preferences)
    browser = webdriver.Chrome(options=options, service=Service(DRIVER))
    browser.implicitly_wait(5)
    return browser


@pytest.fixture
def open_browser(browsers: Callable[..., Browser]) -> Callable[..., Browser]:
    """Makes a browser of a certain width, with or without JavaScript, that remembers nothing."""

    def make(width: int, *, javascript: bool = True) -> Browser:
        browser = browsers(javascript=javascript)
        _forget_everything(browser)
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500},
        )
        return browser

    return make


def _forget_everything(browser: Browser) -> None:
    """A tab without a history, no cookies, nothing cached, nothing in the log."""
    old = browser.window_handles
    browser.switch_to.new_window("tab")
    new = browser.current_window_handle
    for tab in old:
        browser.switch_to.window(tab)
        browser.close()
    browser.switch_to.window(new)
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    browser.execute_cdp_cmd("Network.clearBrowserCache", {})
    browser.execute("getLog", {"type": "browser"})

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
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the collected static files go; collected once."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture
def server(process_environment: Mapping[str, str], assets: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the demo, on a port of its own."""
    environment = {**process_environment, "DEMO": "1", "STATIC_ROOT": str(assets)}
    _manage(environment, "load_demo")
    if not any(assets.iterdir()):
        ignored = [part for pattern in UNUSED for part in ("--ignore", pattern)]
        _manage(environment, "collectstatic", "--noinput", "--verbosity", "0", *ignored)
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}"]
    with (
        (tmp_path / "server.log").open("wb") as log,
        subprocess.Popen(
            [*command, "--no-control-socket"], cwd=ROOT, env=environment, stdout=log, stderr=log
        ) as process,
    ):
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _manage(environment: Mapping[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=dict(environment),
        check=True,
        capture_output=True,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server did not start")


@pytest.fixture
def open_browser(tmp_path: Path) -> Iterator[Callable[..., Browser]]:
    """Makes a browser of a certain width, in a profile of its own, with or without JavaScript."""
    if not (CHROMIUM and DRIVER):
        if os.environ.get("CI"):
            pytest.fail("chromium and chromedriver are not installed")
        pytest.skip("chromium and chromedriver are not installed")
    with ExitStack() as open_ones:

        def make(width: int, *, javascript: bool = True) -> Browser:
            options = webdriver.ChromeOptions()
            options.binary_location = CHROMIUM or ""
            for flag in FLAGS:
                options.add_argument(flag)
            options.add_argument(f"--user-data-dir={tmp_path / f'profile-{width}'}")
            options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
            if not javascript:
                preferences = {"profile.managed_default_content_settings.javascript": 2}
                options.add_experimental_option("prefs", preferences)
            browser = webdriver.Chrome(options=options, service=Service(DRIVER))
            open_ones.callback(browser.quit)
            browser.implicitly_wait(5)
            browser.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500},
            )
            return browser

        yield make

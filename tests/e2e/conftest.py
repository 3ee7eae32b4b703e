"""One installation for all end-to-end tests, and a browser where there is one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.installation import ROOT, Installation, private_settings
from tests.e2e.windows import Windows

# Without these, Chromium looks for its maker's servers at every start.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def skip_or_fail(reason: str) -> None:
    """Skip what this machine cannot run; in CI it can run everything."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Gateway, brain and actions, running; tests that break them mend them before they end."""
    if not any((ROOT / "models").glob("*.tar.gz")):
        skip_or_fail("There is no trained model: run `make train` first.")
    settings = private_settings(tmp_path_factory.mktemp("installation"))
    # Short patience, so that "gone too long" is seen sooner; still longer than a brain's start.
    running = Installation(settings, environment={"WARMLINE_BRAIN_PATIENCE": "60"})
    running.prepare()
    try:
        running.start("gateway", "actions", "brain")
        yield running
    finally:
        running.close()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the system's Chromium is."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        skip_or_fail("Chromium is not installed (`apt-get install chromium`): the browser tests did not run.")
    return str(path)


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def windows(browser: Browser, installation: Installation) -> Iterator[Windows]:
    """No window yet."""
    windows = Windows(browser, installation)
    yield windows
    windows.close()
    assert windows.complaints == []

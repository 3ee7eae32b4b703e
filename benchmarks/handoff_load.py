"""The desk at 256 kbit/s, in Chromium: what it loads, when one can sign in, when the lists stand there."""

from __future__ import annotations

import shutil
import time
from typing import Any

from playwright.sync_api import expect, sync_playwright

from benchmarks.report import Check
from tests.e2e.conftest import CHROMIUM_FLAGS
from tests.e2e.installation import Installation
from tests.e2e.slow_line import KILOBITS_A_SECOND, ROUND_TRIP_MS, SlowLine

MOST_BYTES = 150_000
# Milliseconds; far more than a page of 150 kB takes.
PATIENCE_MS = 60_000


def measure(running: Installation) -> tuple[list[Check], dict[str, Any]]:
    """One fresh browser, nothing in its cache."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise SystemExit("bench-handoff needs Chromium: apt-get install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        page = chromium.new_page()
        line = SlowLine(page)
        seconds = line.opens(f"{running.url}/desk")
        loaded = line.bytes_loaded
        page.get_by_label("Username").fill("admin")
        page.get_by_label("Password").fill(running.password)
        start = time.monotonic()
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("navigation", name="Tickets")).to_be_visible()
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        signed_in = time.monotonic() - start
        chromium.close()
    figures = {
        "kilobits_a_second": KILOBITS_A_SECOND,
        "round_trip_ms": ROUND_TRIP_MS,
        "bytes_to_the_sign_in": loaded,
        "bytes_to_the_lists": line.bytes_loaded,
        "seconds_to_the_sign_in": round(seconds, 2),
        "seconds_from_sign_in_to_the_lists": round(signed_in, 2),
    }
    return [Check("bytes of the desk's first load, to its lists", line.bytes_loaded, MOST_BYTES)], figures

"""Windows of a real browser: customers at the widget, agents at the desk, pictures to look at, and axe-core."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as BrowserError

from bot.gateway.desk import accounts
from bot.gateway.desk.roles import Role
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from tests.e2e.installation import ROOT, Installation

SCREENSHOTS = ROOT / "build" / "screenshots"
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 in its levels A and AA (https://github.com/dequelabs/axe-core/blob/develop/doc/API.md#axe-core-tags).
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A turn takes some tens of milliseconds; a loaded machine may take many times that.
PATIENCE_MS = 40_000


class Windows:
    """Opens windows with cookies of their own; anything that a page complains about fails the test."""

    def __init__(self, browser: Browser, installation: Installation) -> None:
        self.installation = installation
        self._browser = browser
        self._contexts: list[Any] = []
        self.complaints: list[str] = []
        expect.set_options(timeout=PATIENCE_MS)

    def open(self, width: int = 1440, height: int = 900) -> Page:
        """A fresh window; axe-core is put beside our scripts past the policy that forbids it."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def agent(self, name: str, role: Role = Role.AGENT, page: Page | None = None) -> Agent:
        """Somebody with an account, at the desk; in a window of their own unless one is given."""
        return Agent(page or self.open(), self.installation, name, _account(self.installation, name, role))

    def account(self, name: str, role: Role = Role.AGENT) -> tuple[str, str]:
        """A new account: the name, and its password."""
        return name, _account(self.installation, name, role)

    def close(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            context.close()


def _account(installation: Installation, name: str, role: Role) -> str:
    """A new account; gives its password."""
    database = Database(installation.settings.database_url, Signals())
    try:
        return database.run_here(accounts.create, name.split()[0].lower(), name, role, utc_now())
    finally:
        database.close()


@dataclass
class Customer:
    """Someone who uses the widget."""

    page: Page
    url: str

    def __post_init__(self) -> None:
        self.page.goto(self.url)
        self.page.get_by_role("button", name="Open help chat").click()
        self.log = self.page.get_by_role("log", name="Messages")

    def say(self, text: str) -> None:
        """Write a message and press Enter."""
        box = self.page.get_by_role("textbox", name="Your message")
        box.fill(text)
        box.press("Enter")
        expect(self.log).to_contain_text(text)


class Agent:
    """Someone who works at the desk."""

    def __init__(self, page: Page, installation: Installation, name: str, password: str) -> None:
        self.page = page
        self.username = name.split()[0].lower()
        page.goto(f"{installation.url}/desk")
        page.get_by_label("Username").fill(self.username)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        self.tickets = page.get_by_role("navigation", name="Tickets")
        self.transcript = page.get_by_label("Transcript")
        # On a telephone alone: lists and conversation take turns there.
        self.back = page.get_by_role("button", name="All conversations")
        expect(self.tickets).to_be_visible()
        expect(page.get_by_text("Live", exact=True)).to_be_visible()

    def take(self, words: str) -> None:
        """Open the waiting conversation in which these words were said, and claim it."""
        self.open("waiting", words)
        self.page.get_by_role("button", name=re.compile("^Claim")).click()
        expect(self.page.get_by_label("Your reply")).to_be_focused()

    def open(self, which: str, words: str) -> None:
        """Open the conversation of a list in which these words were said."""
        rows = self.page.locator(f"details.{which} button.ticket")
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < deadline:
            for at in range(rows.count()):
                try:
                    if self.back.is_visible():
                        self.back.click()
                    # A colleague may claim it meanwhile: then there is one less.
                    rows.nth(at).click(timeout=1500)
                    expect(self.transcript).to_contain_text(words, timeout=1500)
                except (AssertionError, BrowserError):
                    continue
                return
            self.page.wait_for_timeout(200)
        raise AssertionError(f"no conversation in {which} has {words!r}")

    def write(self, text: str) -> None:
        """Reply to the customer."""
        box = self.page.get_by_label("Your reply")
        box.fill(text)
        box.press("Enter")


def screenshot(page: Page, name: str) -> None:
    """Keep a picture to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(300)  # let a transition end, so that the picture shows what a person sees
    page.screenshot(path=str(SCREENSHOTS / f"{name}.png"))


def check_access(page: Page) -> None:
    """Everybody can use what this page shows just now, as far as axe-core can tell."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(path=str(AXE))
    found = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", WCAG)
    told = [(one["id"], one["help"], [node["target"] for node in one["nodes"]]) for one in found["violations"]]
    assert told == []
    assert len(found["passes"]) > 5, "axe-core has looked at something"

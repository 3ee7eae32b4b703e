"""The desk in a real browser: two agents and two customers at once, a killed gateway, pages that everybody can use."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import Error as BrowserError

from bot.gateway.clock import utc_now
from bot.gateway.database import Database
from bot.gateway.desk import accounts
from bot.gateway.desk.roles import Role
from bot.gateway.signals import Signals
from tests.e2e.conftest import CHROMIUM_FLAGS
from tests.e2e.installation import ROOT, Installation

SCREENSHOTS = ROOT / "build" / "screenshots"
AXE = ROOT / "bot" / "gateway" / "web" / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 in its levels A and AA (https://github.com/dequelabs/axe-core/blob/develop/doc/API.md#axe-core-tags).
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A turn takes some tens of milliseconds; a loaded machine may take many times that.
PATIENCE_MS = 40_000


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


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

    def agent(self, name: str, role: Role = Role.AGENT) -> Agent:
        """Somebody with an account, at the desk."""
        return Agent(self.open(), self.installation, name, _account(self.installation, name, role))

    def close(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def windows(browser: Browser, installation: Installation) -> Iterator[Windows]:
    """No window yet."""
    windows = Windows(browser, installation)
    yield windows
    windows.close()
    assert windows.complaints == []


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
        page.goto(f"{installation.url}/desk")
        page.get_by_label("Username").fill(name.split()[0].lower())
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        self.tickets = page.get_by_role("navigation", name="Tickets")
        self.transcript = page.get_by_label("Transcript")
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


def test_two_agents_and_two_customers_at_once_and_a_killed_gateway_loses_nothing(
    windows: Windows, installation: Installation
) -> None:
    """Each word reaches whom it is for, once; kill -9 in the middle costs a moment, and nobody presses anything."""
    ada, ben = (Customer(windows.open(420, 760), installation.url) for _ in range(2))
    sam, kim = windows.agent("Sam Porter"), windows.agent("Kim Lee")
    for customer, wish in ((ada, "It is about a parcel"), (ben, "It is about a fridge")):
        customer.say("I want to talk to a human please")
        expect(customer.page.get_by_text("Waiting for a person")).to_be_visible()
        customer.say(wish)
    sam.take("about a parcel")
    kim.take("about a fridge")
    sam.write("Hello, Sam here.")
    kim.write("Hello, Kim here.")
    expect(ada.log).to_contain_text("Hello, Sam here.")
    expect(ben.log).to_contain_text("Hello, Kim here.")
    expect(ada.log).not_to_contain_text("Kim")

    # Writing shows on the other side, before anything is sent.
    ada.page.get_by_role("textbox", name="Your message").press_sequentially("What time", delay=20)
    expect(sam.page.get_by_text("is writing…")).to_be_visible()
    sam.page.get_by_label("Your reply").press_sequentially("Let me", delay=20)

    # The bot thinks along; an offer is sent by a click, and only then.
    ada.say("What time do you open on Sunday?")
    offers = sam.page.get_by_role("region", name="Suggested replies")
    expect(offers).to_contain_text("11am")
    expect(ada.log).not_to_contain_text("11am")
    screenshot(sam.page, "20-desk-suggestions")
    check_access(sam.page)
    sam.page.get_by_label("Your reply").fill("")
    offers.get_by_role("button", name=re.compile("^Use")).first.click()
    sam.page.get_by_label("Your reply").press("Enter")
    expect(ada.log).to_contain_text("11am")

    # A colleague is asked, and answers; the customer sees none of it.
    sam.page.get_by_role("button", name=re.compile("Ask a colleague")).click()
    note = sam.page.get_by_label("Your note")
    note.press_sequentially("Kim", delay=20)
    note.press("Enter")
    note.press_sequentially("is this van yours?", delay=5)
    note.press("Enter")
    expect(sam.transcript).to_contain_text("Note by Sam Porter for Kim Lee")
    mention = kim.page.locator(".mention:visible")
    expect(mention).to_have_count(1)
    kim.open("team", "is this van yours?")
    expect(mention).to_have_count(0)
    screenshot(kim.page, "21-desk-asked")
    kim.page.get_by_label("Your note").fill("No, it is the other depot's.")
    kim.page.get_by_label("Your note").press("Enter")
    expect(sam.transcript).to_contain_text("the other depot")
    expect(ada.log).not_to_contain_text("depot")

    # A draft survives a reload.
    kim.open("mine", "about a fridge")
    kim.page.get_by_label("Your reply").fill("half a sentence")
    kim.page.reload()
    expect(kim.page.get_by_text("Live", exact=True)).to_be_visible()
    kim.open("mine", "about a fridge")
    expect(kim.page.get_by_label("Your reply")).to_have_value("half a sentence")

    # Power cut in the middle: both sides write into the void, and it arrives once.
    installation.kill("gateway")
    expect(sam.page.get_by_text("No connection")).to_be_visible()
    screenshot(sam.page, "22-desk-no-connection")
    sam.write("written while it was down")
    box = ada.page.get_by_role("textbox", name="Your message")
    box.fill("said while it was down")
    box.press("Enter")
    installation.start("gateway")
    expect(ada.log).to_contain_text("written while it was down")
    expect(sam.transcript).to_contain_text("said while it was down")
    expect(sam.page.get_by_text("Live", exact=True)).to_be_visible()
    for log, text in ((ada.log, "written while it was down"), (sam.transcript, "said while it was down")):
        expect(log.get_by_text(text)).to_have_count(1)
    kim.page.get_by_label("Your reply").press("Enter")
    expect(ben.log).to_contain_text("half a sentence")

    # Handing over between the two, with the keyboard.
    sam.page.keyboard.press("Alt+KeyT")
    dialog = sam.page.get_by_role("dialog", name="Transfer")
    to = dialog.get_by_label("To", exact=True)
    to.select_option(value=to.locator("option", has_text="Kim Lee").get_attribute("value"))
    check_access(sam.page)
    screenshot(sam.page, "23-desk-transfer")
    dialog.get_by_role("button", name="Transfer").click()
    expect(ada.page.get_by_text("Talking to Kim Lee")).to_be_visible()
    kim.open("mine", "about a parcel")
    kim.page.keyboard.press("Alt+KeyR")
    dialog = kim.page.get_by_role("dialog", name="Resolve")
    expect(dialog.get_by_label("Note for the team")).to_have_value(re.compile("Last answer"))
    check_access(kim.page)
    screenshot(kim.page, "24-desk-wrap-up")
    dialog.get_by_label("Solved", exact=True).check()
    dialog.get_by_role("button", name="Resolve").click()
    expect(ada.page.get_by_text("marked this as solved")).to_be_visible()


def test_the_pages_of_supervisors_and_administrators(windows: Windows, installation: Installation) -> None:
    """Each of them is complete, readable and usable without a mouse, also when it is empty and on a telephone."""
    customer = Customer(windows.open(420, 760), installation.url)
    check_access(customer.page)
    customer.say("I want to talk to a person")
    boss = windows.agent("Bo Administrator", Role.ADMINISTRATOR)
    page = boss.page
    screenshot(page, "30-desk-start")
    check_access(page)

    # Internal articles are found, marked, and cannot be put into a reply.
    page.get_by_label("Search the knowledge").fill("goodwill limit for a complaint")
    page.get_by_label("Search the knowledge").press("Enter")
    internal = page.locator(".hit.internal").first
    expect(internal).to_contain_text("internal")
    expect(internal.get_by_role("button", name=re.compile("Insert"))).to_have_count(0)
    screenshot(page, "31-desk-search")
    check_access(page)

    page.get_by_role("button", name="Canned replies").click()
    page.get_by_role("button", name="New reply…").click()
    dialog = page.get_by_role("dialog", name="New reply")
    dialog.get_by_label("Shortcut").fill("hello")
    dialog.get_by_label("Title").fill("Greeting")
    dialog.get_by_label("Text").fill("Hello {customer_name}, this is {agent_name}.")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="/hello", exact=True)).to_be_visible()

    for name, heading in (
        ("Right now", "Who waits"),
        ("Canned replies", "All"),
        ("Suggestions", "By kind"),
        ("Accounts", "Everybody"),
        ("Audit log", "Newest first"),
    ):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        check_access(page)
        screenshot(page, f"32-desk-{name.lower().replace(' ', '-')}")

    # An account is opened, and its password shown once.
    page.get_by_role("button", name="Accounts", exact=True).click()
    page.get_by_role("button", name="New account…").click()
    dialog = page.get_by_role("dialog", name="New account")
    dialog.get_by_label("Name, as customers see it").fill("A very long name of somebody with many first names")
    dialog.get_by_label("Username").fill("newcomer")
    check_access(page)
    dialog.get_by_role("button", name="Open account").click()
    shown = page.get_by_role("dialog", name="Password")
    assert len(shown.get_by_label("Password", exact=True).input_value()) >= 20
    screenshot(page, "33-desk-password-once")
    shown.get_by_role("button", name="Close").click()

    # Canned replies fill in what is known, and what is not known does not go out.
    page.get_by_role("button", name="Conversations").click()
    boss.take("I want to talk to a person")
    box = page.get_by_label("Your reply")
    box.press_sequentially("/hel", delay=20)
    expect(page.get_by_role("option", name=re.compile("Greeting"))).to_be_visible()
    screenshot(page, "34-desk-canned")
    check_access(page)
    box.press("Enter")
    expect(box).to_have_value("Hello {customer_name}, this is Bo Administrator.")
    box.press("Enter")
    expect(page.get_by_text("Fill in {customer_name} first.")).to_be_visible()
    box.fill("Hello, Bo here.")
    box.press("Enter")
    expect(customer.log).to_contain_text("Hello, Bo here.")
    check_access(customer.page)

    page.locator("body").click(position={"x": 700, "y": 300})
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    check_access(page)
    screenshot(page, "35-desk-shortcuts")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 390, "height": 844})
    screenshot(page, "36-desk-telephone")
    check_access(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    # Signing out in one window ends the other.
    page.set_viewport_size({"width": 1440, "height": 900})
    second = page.context.new_page()
    second.goto(f"{installation.url}/desk")
    expect(second.get_by_role("navigation", name="Tickets")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(second.get_by_text("Your session is over")).to_be_visible()
    check_access(page)
    screenshot(page, "37-desk-signed-out")

"""The whole story in a real browser: ask, answer, act, hand off, return; customer and desk in two windows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.installation import ROOT, Installation

SCREENSHOTS = ROOT / "build" / "screenshots"
# A turn takes some tens of milliseconds; a loaded machine may take many times that.
PATIENCE_MS = 30_000


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor's window; anything that the page complains about fails the test."""
    yield from _window(browser)


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """An agent's window, with cookies of its own."""
    yield from _window(browser)


def _window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    window = context.new_page()
    window.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    complaints: list[str] = []
    window.on("pageerror", lambda error: complaints.append(str(error)))
    yield window
    context.close()
    assert complaints == []


class Customer:
    """Someone who uses the widget on the demo shop's page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        page.get_by_role("button", name="Open help chat").click()
        self.log = page.get_by_role("log", name="Messages")
        expect(page.get_by_role("textbox", name="Your message")).to_be_focused()

    def say(self, text: str) -> None:
        """Write a message and press Enter."""
        box = self.page.get_by_role("textbox", name="Your message")
        box.fill(text)
        box.press("Enter")
        expect(self.log).to_contain_text(text)

    def press(self, title: str | re.Pattern[str]) -> None:
        """Press the newest quick reply with that title."""
        self.page.get_by_role("button", name=title).last.click()

    def hears(self, text: str | re.Pattern[str]) -> None:
        """Wait until the words stand in the log."""
        expect(self.log).to_contain_text(text)


def _screenshot(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(300)  # let a transition end, so that the picture shows what a person sees
    page.screenshot(path=str(SCREENSHOTS / f"{name}.png"))


def _sign_in(desk: Page, installation: Installation) -> None:
    desk.goto(f"{installation.url}/desk")
    desk.get_by_label("Username").fill("admin")
    desk.get_by_label("Password").fill(installation.password)
    desk.get_by_role("button", name="Sign in").click()
    expect(desk.get_by_role("navigation", name="Tickets")).to_be_visible()


def test_a_customer_is_answered_served_handed_over_and_given_back(
    page: Page, desk: Page, installation: Installation
) -> None:
    """The first paragraph of the README, word by word."""
    customer = Customer(page, installation.url)

    # An answer that names its source.
    customer.say("What time do you open on Sunday?")
    customer.hears("11am")
    source = customer.log.get_by_role("link", name=re.compile("opening hours|stores open", re.IGNORECASE))
    expect(source.first).to_have_attribute("href", re.compile("/articles/store-hours$"))
    # W11: and it can be opened.
    article = page.request.get(source.first.get_attribute("href") or "")
    assert article.status == 200
    assert "When are Larkfield stores open?" in article.text()
    expect(source.first).to_have_attribute("rel", re.compile("noopener"))
    _screenshot(page, "1-answer-with-source")

    # An order is tracked, by number and postcode.
    customer.say("Where is my order?")
    customer.hears(re.compile("order number", re.IGNORECASE))
    customer.say("LF-1000017")
    customer.hears(re.compile("postcode", re.IGNORECASE))
    customer.say("LS6 2AB")
    customer.hears(re.compile("out for delivery", re.IGNORECASE))
    _screenshot(page, "2-order-tracked")

    # What the bot cannot do reaches a human, who sees the whole story.
    customer.say("I want to talk to a human please")
    expect(page.get_by_text("Waiting for a person")).to_be_visible()
    customer.say("It is about the delivery driver")
    _screenshot(page, "3-waiting")

    _sign_in(desk, installation)
    _screenshot(desk, "4-desk-waiting")
    desk.get_by_role("navigation", name="Tickets").get_by_text("Website visitor").first.click()
    context = desk.get_by_role("complementary", name="Context")
    expect(context).to_contain_text("LF-1000017")
    transcript = desk.get_by_label("Transcript")
    expect(transcript).to_contain_text("What time do you open on Sunday?")
    expect(transcript).to_contain_text("It is about the delivery driver")
    desk.get_by_role("button", name=re.compile("^Claim")).click()
    expect(page.get_by_text(re.compile("Talking to"))).to_be_visible()

    desk.get_by_label("Your reply").fill("Hello, I have read everything. What did the driver say?")
    desk.get_by_role("button", name="Send").click()
    customer.hears("Hello, I have read everything.")
    customer.say("He could not find the door")
    expect(transcript).to_contain_text("He could not find the door")
    _screenshot(desk, "5-desk-talking")
    _screenshot(page, "6-talking-to-a-person")

    # A reload in the middle loses nothing.
    page.reload()
    launcher = page.get_by_role("button", name=re.compile("Open help chat"))
    if launcher.is_visible():
        launcher.click()
    customer.log = page.get_by_role("log", name="Messages")
    customer.hears("He could not find the door")
    expect(customer.log.get_by_text("He could not find the door")).to_have_count(1)

    # The human gives the conversation back, and the bot goes on without handing over again.
    desk.get_by_role("button", name=re.compile("To the assistant")).click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("What should the assistant").fill("The driver calls before the next try")
    _screenshot(desk, "7-desk-hand-back")
    dialog.get_by_role("button", name="Hand back").click()
    expect(page.get_by_text("Talking to the assistant")).to_be_visible()
    customer.say("How long do refunds take?")
    customer.hears(re.compile("5 working days"))
    expect(page.get_by_text("Talking to the assistant")).to_be_visible()
    _screenshot(page, "8-back-with-the-assistant")


def test_a_technician_is_booked_with_the_keyboard_alone(page: Page, installation: Installation) -> None:
    """A form with buttons and typed answers, interrupted by a question, and corrected."""
    before = installation.rows("SELECT count(*) FROM appointments", shop=True)[0][0]
    customer = Customer(page, installation.url)
    customer.say("I'd like to book a technician")
    customer.hears(re.compile("which appliance|what appliance|appliance", re.IGNORECASE))
    customer.say("washing machine")
    customer.hears(re.compile("wrong|problem|matter", re.IGNORECASE))
    customer.say("It stops in the middle of the spin cycle")
    customer.hears(re.compile("postcode", re.IGNORECASE))
    customer.say("How much does a technician cost?")
    customer.hears("£79")
    customer.say("LS6 2AB")
    group = page.get_by_role("group", name="Suggested replies").last
    expect(group).to_be_visible()
    _screenshot(page, "9-appointments-offered")
    group.get_by_role("button").first.focus()
    page.keyboard.press("Enter")
    customer.hears(re.compile("e-?mail", re.IGNORECASE))
    customer.say("someone@example.org")
    yes = page.get_by_role("button", name=re.compile("^Yes"))
    expect(yes.last).to_be_visible()
    yes.last.focus()
    page.keyboard.press("Enter")
    customer.hears(re.compile("booked", re.IGNORECASE))
    _screenshot(page, "10-booked")
    assert installation.rows("SELECT count(*) FROM appointments", shop=True)[0][0] == before + 1


def test_the_widget_fits_a_small_telephone(page: Page, installation: Installation) -> None:
    """320 pixels wide, nothing sticks out to the side."""
    page.set_viewport_size({"width": 320, "height": 568})
    customer = Customer(page, installation.url)
    customer.say("Do you take away my old fridge?")
    customer.hears(re.compile("old|collect|recycl", re.IGNORECASE))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    _screenshot(page, "11-telephone")


def test_what_a_customer_writes_is_never_markup(page: Page, installation: Installation) -> None:
    """Tags stay text in the widget, and only http links become links."""
    customer = Customer(page, installation.url)
    hostile = '<img src=x onerror="document.title=1"> javascript:alert(1) https://example.org/a'
    customer.say(hostile)
    expect(customer.log.get_by_text("<img src=x")).to_be_visible()
    assert page.title() != "1"
    assert customer.log.locator("img[src=x]").count() == 0
    assert customer.log.locator('a[href^="javascript"]').count() == 0


def test_the_apis_description_is_drawn_without_a_network(page: Page, installation: Installation) -> None:
    """Everything on /docs comes from the gateway itself."""
    elsewhere: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url))
    page.goto(f"{installation.url}/docs")
    expect(page.get_by_role("heading", name="Warmline gateway")).to_be_visible()
    expect(page.get_by_text("/api/web/conversations", exact=True).first).to_be_visible()
    _screenshot(page, "12-api-description")
    assert [url for url in elsewhere if not url.startswith((installation.url, "data:"))] == []

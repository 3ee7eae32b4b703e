"""What a visitor thinks of an answer, and what the desk says of it, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, Route, expect

from bot.gateway.platform.clock import utc_now
from bot.nlu.intents.trained_models import newest_model
from bot.teaching.asked import exported
from bot.teaching.judging import Judgement, judge
from tests.e2e.installation import Installation
from tests.e2e.test_customer_story import Customer, _screenshot
from tests.e2e.windows import Windows, check_access

WORDS = "It is about receipt 7714"


def _thumbs(page: Page) -> tuple[Locator, Locator]:
    group = page.get_by_role("group", name="Was this helpful?").last
    return group.get_by_role("button", name="Helpful", exact=True), group.get_by_role("button", name="Not helpful")


def _ratings(installation: Installation) -> list[str]:
    found = installation.rows("SELECT rating FROM entries WHERE rating IS NOT NULL ORDER BY id DESC LIMIT 1")
    return [str(row[0]) for row in found]


def _pressed(*thumbs: tuple[Locator, bool]) -> None:
    for thumb, pressed in thumbs:
        expect(thumb).to_have_attribute("aria-pressed", "true" if pressed else "false")


def test_an_answer_is_rated_with_the_keyboard_marked_at_the_desk_and_both_survive_a_reload(
    windows: Windows, installation: Installation
) -> None:
    """Set, changed, taken back; the desk sees the thumb, and says itself whether the assistant was right."""
    page = windows.open()
    customer = Customer(page, installation.url)
    expect(page.get_by_role("group", name="Was this helpful?")).to_have_count(0)
    customer.say("What time do you open on Sunday?")
    customer.hears("11am")
    up, down = _thumbs(page)
    _pressed((up, False), (down, False))

    # The keyboard alone: the focus stays where it is, whatever is pressed.
    page.get_by_role("textbox", name="Your message").focus()
    up.focus()
    page.keyboard.press("Space")
    _pressed((up, True), (down, False))
    expect(up).to_be_focused()
    page.keyboard.press("Tab")
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    _pressed((up, False), (down, True))
    page.keyboard.press("Enter")
    _pressed((up, False), (down, False))
    page.keyboard.press("Enter")
    _pressed((up, False), (down, True))
    box = down.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24, "a target for a finger (WCAG 2.2, 2.5.8)"
    _screenshot(page, "20-thumb-down")

    # A page that loads anew shows it, also where something was said since.
    page.reload()
    _pressed(*zip(_thumbs(page), (False, True), strict=True))
    assert _ratings(installation) == ["down"]

    # Without a network it springs back, and says so.
    def away(route: Route) -> None:
        route.abort()

    page.route("**/rating", away)
    up, down = _thumbs(page)
    up.click()
    _pressed((up, False), (down, True))
    expect(page.get_by_text("That did not work just now.")).to_be_visible()
    page.unroute("**/rating", away)

    check_access(page)

    # The desk.
    customer.say("I want to talk to a human please")
    expect(page.get_by_text("Waiting for a person")).to_be_visible()
    customer.say(WORDS)
    una = windows.agent("Una Fox")
    una.open("waiting", WORDS)
    expect(una.transcript).to_contain_text("The customer found this not helpful")
    una.page.get_by_role("button", name="What the assistant understood").click()
    marks = una.transcript.get_by_role("group", name="Was the assistant right?").first
    wrong = marks.get_by_role("button", name="Wrong")
    wrong.focus()
    una.page.keyboard.press("Enter")
    _pressed((wrong, True))
    expect(wrong).to_be_focused()
    meant = marks.get_by_label("Meant:")
    meant.fill("store_facilities")
    meant.press("Enter")
    expect(marks).to_contain_text(re.compile("Marked wrong by Una Fox.*Store facilities was meant"))
    check_access(una.page)
    _screenshot(una.page, "21-desk-marked")
    una.page.reload()
    una.open("waiting", WORDS)
    expect(una.transcript).to_contain_text("Store facilities was meant")
    page.get_by_role("log", name="Messages").get_by_role("button", name="Back to the assistant").click()
    expect(page.get_by_text("Talking to the assistant")).to_be_visible()

    # The audit believes the mark.
    questions = exported(installation.settings.database_url, utc_now().date())
    (question,) = [one for one in questions if one.mark is not None]
    assert (question.rating, question.meant) == ("down", "store_facilities")
    assert judge(question) == Judgement(wrong=True, source="mark", because="marked_wrong")
    assert question.model == newest_model(installation.settings.models).name, "the model whose promise it is about"

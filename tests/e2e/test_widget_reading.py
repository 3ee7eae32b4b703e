"""The open chat as people use it: telephones, keyboards, long answers, days, tables, shared computers, languages."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.tickets import life_cycle as tickets
from tests.e2e.foreign_pages import LAUNCHER, PANEL, QuickGateway, foreign_site, quick_gateway
from tests.e2e.windows import PATIENCE_MS, check_access, screenshot

SIZES = [(1366, 768), (1280, 720), (1024, 768), (768, 1024), (390, 844)]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuickGateway]:
    """A gateway whose brain answers by script."""
    with quick_gateway(tmp_path_factory.mktemp("gateway")) as gateway:
        yield gateway


@dataclasses.dataclass
class Visitor:
    """Somebody with the chat open on the demo shop's page."""

    page: Page

    def say(self, text: str, hears: str | None = None) -> None:
        """Write, send, and wait for the answer."""
        box = self.page.get_by_role("textbox", name="Your message")
        box.fill(text)
        box.press("Enter")
        expect(self.log).to_contain_text(hears or f"you said {text}")

    @property
    def log(self) -> Any:
        """The messages."""
        return self.page.get_by_role("log", name="Messages")

    def below(self) -> int:
        """Pixels between what is seen and the end."""
        pixels: int = self.log.evaluate("(log) => Math.round(log.scrollHeight - log.clientHeight - log.scrollTop)")
        return pixels

    def conversation_id(self) -> str:
        """The one that this browser has."""
        found: str = self.page.evaluate("JSON.parse(localStorage.warmline).conversationId")
        return found


@pytest.fixture
def visit(browser: Browser, gateway: QuickGateway) -> Iterator[Any]:
    """Opens the chat in a fresh window of the given size; what a script throws fails the test."""
    expect.set_options(timeout=PATIENCE_MS)
    contexts = []
    complaints: list[str] = []

    def open_chat(width: int = 1280, height: int = 720, **more: Any) -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(gateway.url)
        page.locator(LAUNCHER).click()
        expect(page.locator(PANEL)).to_be_visible()
        return Visitor(page)

    yield open_chat
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize(
    ("before", "after"),
    [((390, 844), (390, 420)), ((390, 844), (844, 390)), ((844, 390), (844, 190)), ((768, 1024), (768, 500))],
)
def test_the_end_stays_in_sight_when_a_keyboard_comes(
    visit: Any, before: tuple[int, int], after: tuple[int, int]
) -> None:
    """W2, kind 6: the newest words and buttons, while it is out and afterwards, upright and on its side."""
    visitor = visit(*before, has_touch=True)
    for number in range(8):
        visitor.say(f"message {number}")
    visitor.say("choose", "Which one?")
    button = visitor.page.get_by_role("button", name="The second")
    for width, height in (after, before):
        visitor.page.set_viewport_size({"width": width, "height": height})
        expect(button).to_be_in_viewport(ratio=1)
        expect(visitor.page.get_by_role("textbox", name="Your message")).to_be_in_viewport(ratio=1)
        visitor.page.wait_for_timeout(100)
        assert visitor.below() == 0
        if height < 500:
            screenshot(visitor.page, f"31-keyboard-{width}x{height}")


def test_a_window_that_shrinks_while_its_end_is_still_being_reached_is_not_taken_for_reading(visit: Any) -> None:
    """W2: the event of our own scrolling may arrive after the window has shrunk; nobody went up."""
    visitor = visit(844, 390, has_touch=True)
    for number in range(8):
        visitor.say(f"message {number}")
    visitor.log.evaluate(
        """(log) => {
        log.style.flex = "none";
        log.style.height = "60px";
        log.dispatchEvent(new Event("scroll"));
    }"""
    )
    visitor.page.wait_for_timeout(100)
    assert visitor.below() == 0


def test_who_scrolled_up_to_read_stays_there(visit: Any) -> None:
    """W2: a keyboard moves nobody who is not at the end."""
    visitor = visit(390, 844, has_touch=True)
    for number in range(12):
        visitor.say(f"message {number}")
    visitor.log.evaluate("(log) => { log.scrollTop = 0; }")
    visitor.page.wait_for_timeout(100)
    visitor.page.set_viewport_size({"width": 390, "height": 420})
    visitor.page.wait_for_timeout(100)
    assert visitor.log.evaluate("(log) => log.scrollTop") == 0


def test_a_keyboard_that_lies_over_the_page_leaves_room(visit: Any) -> None:
    """W2: where the layout does not shrink, the visible part does (iOS, Android); the chat is as high as that."""
    visitor = visit(390, 844, has_touch=True)
    for number in range(8):
        visitor.say(f"message {number}")
    visitor.page.evaluate(
        """() => {
        for (const [name, value] of [["height", 420], ["offsetTop", 60]]) {
            Object.defineProperty(visualViewport, name, {value, configurable: true});
        }
        visualViewport.dispatchEvent(new Event("resize"));
    }"""
    )
    visitor.page.wait_for_timeout(100)
    box = visitor.page.locator(PANEL).bounding_box()
    assert box is not None
    assert (round(box["y"]), round(box["height"])) == (60, 420)
    assert visitor.below() == 0


def test_a_long_answer_shows_its_beginning(visit: Any) -> None:
    """W8: also when it comes after others, and after a reload; the way to its end is one press."""
    visitor = visit()
    for number in range(5):
        visitor.say(f"message {number}")
    visitor.say("long", "It begins here.")
    row = visitor.log.locator(".row", has_text="It begins here.")

    def from_top() -> float:
        log, box = visitor.log.bounding_box(), row.bounding_box()
        assert log is not None
        assert box is not None
        return float(box["y"] - log["y"])

    visitor.page.wait_for_timeout(200)
    assert 0 <= from_top() < 40
    screenshot(visitor.page, "32-long-answer")
    visitor.page.reload()
    expect(visitor.log).to_contain_text("It begins here.")
    visitor.page.wait_for_timeout(1000)
    assert 0 <= from_top() < 40
    visitor.page.get_by_role("button", name="More below").click()
    assert visitor.below() == 0
    visitor.say("short")
    assert visitor.below() == 0


def test_messages_of_several_days_say_which(visit: Any, gateway: QuickGateway) -> None:
    """W6, kind 9: days by the visitor's own calendar; one day alone needs no line."""
    visitor = visit(390, 844, timezone_id="Asia/Tokyo", locale="en-GB")
    visitor.say("first")
    expect(visitor.log.locator(".day")).to_have_count(0)
    visitor.say("second")
    visitor.say("third")

    def earlier(session: Session) -> None:
        entries = session.scalars(
            select(Entry).where(Entry.conversation_id == visitor.conversation_id(), Entry.visible_to_customer)
        )
        for number, entry in enumerate(sorted(entries, key=lambda one: one.seq)):
            entry.at -= timedelta(days=(5, 5, 1, 1, 0, 0)[number])

    gateway.parts.database.run_here(earlier)
    visitor.page.reload()
    expect(visitor.log).to_contain_text("you said third")
    names = visitor.log.locator(".day").all_inner_texts()
    assert names[1:] == ["Yesterday", "Today"]
    assert re.fullmatch(r"[A-Z][a-z]+day,? \d{1,2} [A-Z][a-z]+", names[0])
    screenshot(visitor.page, "33-days")


@pytest.mark.parametrize("size", SIZES)
def test_tables_lists_bold_and_links_are_drawn(visit: Any, size: tuple[int, int]) -> None:
    """D16, D21, kind 5: none of the author's signs, and everything they mean; what a customer types stays text."""
    visitor = visit(*size)
    visitor.say("**not bold** | a |", "you said **not bold** | a |")
    visitor.say("fees", "Call-out")
    answer = visitor.log.locator(".bubble").last
    expect(answer.get_by_role("columnheader", name="Price")).to_be_visible()
    assert answer.get_by_role("row").all_inner_texts() == ["Service\tPrice", "Call-out\t£79", "Half hour\t£24"]
    expect(answer.locator("strong")).to_have_text("fees")
    expect(answer.get_by_role("listitem")).to_have_text(["first the filter", "then the hose"])
    assert not re.search(r"[|*\[\]]|---", answer.inner_text())
    links = answer.get_by_role("link").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
    assert links == ["https://help.larkfield.example/hose", "mailto:help@larkfield.example", "tel:08081570140"]
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    check_access(visitor.page)
    screenshot(visitor.page, f"34-table-{size[0]}x{size[1]}")


def test_a_chat_that_covers_the_page_is_modal(visit: Any) -> None:
    """W7: Tab never reaches what is hidden behind it; closed, or with room beside it, the page is reachable again."""
    visitor = visit(390, 844)
    page = visitor.page
    visitor.say("hello")
    focused = "document.activeElement === document.body || document.activeElement.tagName === 'WARMLINE-CHAT'"
    for _ in range(14):
        page.keyboard.press("Tab")
        assert page.evaluate(focused)
    expect(page.locator(PANEL)).to_have_attribute("aria-modal", "true")
    page.evaluate("document.body = document.createElement('body')")
    expect(page.locator("body")).to_have_js_property("inert", True)
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(page.locator("body")).to_have_js_property("inert", False)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("body")).to_have_js_property("inert", True)
    page.get_by_role("button", name="Close the chat").click()
    expect(page.locator("body")).to_have_js_property("inert", False)


def test_unsent_words_outlive_a_reload(visit: Any) -> None:
    """W14: until they are sent."""
    visitor = visit()
    box = visitor.page.get_by_role("textbox", name="Your message")
    box.fill("half a sentence\nand")
    visitor.page.reload()
    expect(box).to_have_value("half a sentence\nand")
    box.press("Enter")
    expect(visitor.log).to_contain_text("you said half a sentence")
    visitor.page.reload()
    expect(box).to_have_value("")


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_a_conversation_is_ended_and_forgotten(visit: Any, gateway: QuickGateway, size: tuple[int, int]) -> None:
    """D22, kind 6: asked first; then neither this browser nor a kept key opens it, and a new one begins."""
    visitor = visit(*size)
    page = visitor.page
    end = page.get_by_role("button", name="End and forget").first
    expect(end).to_be_hidden()
    visitor.say("my secret")
    old = visitor.conversation_id()
    end.click()
    screenshot(page, f"35-end-{size[0]}")
    check_access(page)
    page.keyboard.press("Escape")
    expect(page.get_by_text("End this conversation and forget it")).to_be_hidden()
    expect(page.locator(PANEL)).to_be_visible()
    end.click()
    page.get_by_role("button", name="Keep it").click()
    assert visitor.conversation_id() == old
    page.get_by_role("textbox", name="Your message").fill("a secret half written")
    end.click()
    page.get_by_role("button", name="End and forget").last.click()
    expect(page.get_by_text("This browser has forgotten it, and nobody can open it again.")).to_be_visible()
    expect(visitor.log).not_to_contain_text("my secret")
    expect(visitor.log).to_contain_text("Hello, how can I help?")
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "secret" not in stored
    assert old not in stored
    kept = gateway.parts.database.run_here(lambda session: session.get_one(Conversation, old).token_hash)
    assert kept is None
    visitor.say("hello")
    assert visitor.conversation_id() != old
    page.reload()
    expect(visitor.log).to_contain_text("you said hello")
    expect(visitor.log).not_to_contain_text("my secret")


def test_a_browser_that_forgets_without_a_network_says_so(visit: Any) -> None:
    """D22: forgotten here at once, and the truth about the rest."""
    visitor = visit()
    visitor.say("my secret")
    visitor.page.route("**/end", lambda route: route.abort())
    visitor.page.get_by_role("button", name="End and forget").click()
    visitor.page.get_by_role("button", name="End and forget").last.click()
    expect(visitor.page.get_by_text("We could not be reached to end it on our side as well.")).to_be_visible()
    expect(visitor.log).not_to_contain_text("my secret")


def test_an_old_key_makes_no_new_conversation_by_itself(visit: Any, gateway: QuickGateway) -> None:
    """D22: a closed chat whose conversation has ended forgets it, and opens another only for somebody who comes."""
    visitor = visit()
    visitor.say("hello")
    visitor.page.get_by_role("button", name="Close the chat").click()

    def ended(session: Session) -> None:
        session.get_one(Conversation, visitor.conversation_id()).token_hash = None

    gateway.parts.database.run_here(ended)
    opened: list[str] = []
    visitor.page.on("request", lambda call: opened.append(f"{call.method} {call.url.partition('/api')[2]}"))
    visitor.page.reload()
    visitor.page.wait_for_function("JSON.parse(localStorage.warmline).conversationId === ''")
    visitor.page.wait_for_timeout(500)
    assert "POST /web/conversations" not in opened
    visitor.page.locator(LAUNCHER).click()
    visitor.say("hello again")


def test_who_is_answered_by_mail_has_no_place_in_the_line(visit: Any, gateway: QuickGateway) -> None:
    """W4: the head says where the answer goes."""
    visitor = visit()
    visitor.say("a person", "I will get somebody.")
    expect(visitor.page.locator(".status")).to_contain_text("Waiting for a person")

    def noted(session: Session) -> None:
        conversation = session.get_one(Conversation, visitor.conversation_id())
        detail = {"owner": "queue", "position": 10, "answer_to": "o'neill@larkfield.example"}
        now = gateway.parts.clock()
        transcript.append(session, conversation, author="system", type="state", detail=detail, now=now)

    gateway.parts.database.run_here(noted)
    visitor.page.reload()
    expect(visitor.page.locator(".status")).to_have_text("We will reply to o'neill@larkfield.example")
    screenshot(visitor.page, "36-answer-by-mail")
    gateway.parts.database.run_here(
        lambda session: tickets.abandon(
            session,
            gateway.parts.tickets,
            session.get_one(Conversation, visitor.conversation_id()),
            gateway.parts.clock(),
        )
    )


def test_high_contrast_shows_where_the_focus_is(visit: Any) -> None:
    """W14: where the system draws its own colours, shadows are not drawn."""
    visitor = visit(forced_colors="active")
    visitor.page.get_by_role("textbox", name="Your message").focus()
    field = visitor.page.locator("warmline-chat .field")
    assert field.evaluate("(field) => getComputedStyle(field).outline").endswith("solid 3px")
    visitor.page.keyboard.press("Shift+Tab")
    screenshot(visitor.page, "37-forced-colours")


@pytest.mark.parametrize(
    ("html", "launcher", "box", "direction"),
    [
        ('lang="ar" dir="rtl"', "فتح محادثة المساعدة", "رسالتك", "rtl"),
        ('lang="de-AT"', "Hilfe-Chat öffnen", "Ihre Nachricht", "ltr"),
        ('lang="fr"', re.compile("Ouvrir le chat"), "Votre message", "ltr"),
        ('lang="es"', "Abrir el chat de ayuda", "Su mensaje", "ltr"),
        ('lang="zh-Hans"', "打开帮助聊天", "您的消息", "ltr"),
        ('lang="ja"', "Open help chat", "Your message", "ltr"),
    ],
)
def test_labels_speak_the_pages_language(
    browser: Browser,
    tmp_path_factory: pytest.TempPathFactory,
    html: str,
    launcher: str | re.Pattern[str],
    box: str,
    direction: str,
) -> None:
    """W14: and its direction; a language without labels gets the English ones, called English."""
    with foreign_site() as site, quick_gateway(tmp_path_factory.mktemp("gateway"), site.url) as gateway:
        page = browser.new_page(viewport={"width": 1024, "height": 768}, bypass_csp=True)
        address = site.page("/", gateway.url)
        site.pages["/"] = site.pages["/"].replace('lang="en"', html)
        page.goto(address)
        page.get_by_role("button", name=launcher).click()
        field = page.get_by_role("textbox", name=box)
        field.fill("hello")
        field.press("Enter")
        expect(page.locator("warmline-chat .log")).to_contain_text("you said hello")
        root = page.locator("warmline-chat .root")
        assert root.evaluate("(root) => getComputedStyle(root).direction") == direction
        check_access(page)
        screenshot(page, f"38-labels-{root.get_attribute('lang')}")
        page.close()

"""The widget on other people's pages (kind 6): no rule, script, shortcut, body swap or second tag harms it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.e2e.foreign_pages import LAUNCHER, PANEL, ForeignSite, QuickGateway, foreign_site, looks_of, quick_gateway
from tests.e2e.windows import PATIENCE_MS, screenshot


@pytest.fixture(scope="module")
def site() -> Iterator[ForeignSite]:
    """Somebody else's site."""
    with foreign_site() as site:
        yield site


@pytest.fixture(scope="module")
def gateway(site: ForeignSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuickGateway]:
    """A gateway on whose widget that site may call."""
    with quick_gateway(tmp_path_factory.mktemp("gateway"), site.url) as gateway:
        yield gateway


@dataclass
class Window:
    """A fresh visitor's window, and what it said in its console."""

    page: Page
    console: list[str]

    def open_chat(self) -> None:
        """Press the launcher as a person would: it has to be where a mouse can reach it."""
        self.page.locator(LAUNCHER).click()
        expect(self.page.locator(PANEL)).to_be_visible()

    def say(self, text: str) -> None:
        """Write with the keyboard, letter by letter."""
        box = self.page.get_by_role("textbox", name="Your message")
        box.click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def hears(self, text: str) -> None:
        """Wait until the words stand in the log."""
        expect(self.page.get_by_role("log", name="Messages")).to_contain_text(text)


@pytest.fixture
def window(browser: Browser) -> Iterator[Window]:
    """Anything that a script throws fails the test."""
    expect.set_options(timeout=PATIENCE_MS)
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    console: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "favicon" not in message.location.get("url", ""):
            console.append(message.text)

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", said)
    yield Window(page, console)
    context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def plain_looks(browser: Browser, site: ForeignSite, gateway: QuickGateway) -> dict[str, Any]:
    """How the widget looks on a page without any style."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(site.page("/plain", gateway.url))
    page.locator(LAUNCHER).click()
    page.get_by_text("Hello, how can I help?").wait_for()
    page.wait_for_timeout(400)  # the panel has risen
    looks = looks_of(page)
    page.close()
    return looks


RULES = {
    "D13": "div:empty{display:none}",
    "W1 unset": "*{all:unset}",
    "W1 initial, important": ":not(html){all:initial!important;display:none!important}",
    "W1 big": "*{font-size:30px;line-height:3}",
    "W1 relative": "*{position:relative}",
    "W1 hidden blocks": "body>div:not(.x){display:none}",
    "W1 moved body": "body{transform:translateX(200px) rotate(3deg)}",
    "children of html": "html>:not(head):not(body){display:none!important;visibility:hidden!important}",
    "moved html": "html{transform:scale(.5);filter:invert(1);overflow:hidden}",
    "by name": "#warmline,warmline-chat{display:none!important;opacity:0!important;width:1px!important}",
    "inherited": "html{color:red;font:italic 40px/3 serif;letter-spacing:9px;text-align:right;text-transform:uppercase;"
    "cursor:wait;visibility:hidden;pointer-events:none;word-spacing:20px;text-indent:40px;white-space:nowrap}",
    "host": ":not(html){contain:strict!important;clip-path:inset(50%)!important;transform:scale(0)!important;"
    "zoom:3!important;filter:blur(9px)!important;transition:all 9s!important;z-index:-1!important}",
    "hidden when empty, by role": ":not(body):not(head):empty{display:none!important}",
    "same variables": "*{--wl-teal:red!important;--wl-ink:red!important;--wl-height:10px!important}",
    "everything fixed": "body>*{position:fixed;inset:0;z-index:2147483647;background:#fff}",
}


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_no_rule_of_the_page_reaches_the_widget(
    window: Window, site: ForeignSite, gateway: QuickGateway, plain_looks: dict[str, Any], rules: str
) -> None:
    """D13, W1, kind 6: it is there, can be pressed, and looks as on a page without any rule."""
    window.page.goto(site.page("/rules", gateway.url, head=f"<style>{rules}</style>"))
    window.open_chat()
    window.page.get_by_text("Hello, how can I help?").wait_for()
    window.page.wait_for_timeout(400)  # the panel has risen
    assert looks_of(window.page) == plain_looks


LISTENERS = """<script>
window.heard = [];
const hear = (how) => (event) => {
  window.heard.push(how + " " + event.type + " " + (event.key ?? event.data ?? ""));
  if (["INPUT", "TEXTAREA"].includes(event.target.tagName)) return;
  if (event.key === "s") { event.preventDefault(); document.getElementById("search").focus(); }
};
for (const type of ["keydown", "keypress", "keyup", "beforeinput", "input", "textInput", "paste", "compositionend"]) {
  document.addEventListener(type, hear("bubble"));
  document.documentElement.addEventListener(type, hear("html"), true);
  document.addEventListener(type, hear("capture"), true);
  window.addEventListener(type, hear("window"));
}
</script>"""


def test_what_is_typed_into_the_widget_is_not_heard_by_the_page(
    window: Window, site: ForeignSite, gateway: QuickGateway
) -> None:
    """D14, kind 6: neither by listeners that bubble nor by those that capture; the letters stay in the field."""
    page = window.page
    page.goto(site.page("/keys", gateway.url, head=LISTENERS))
    window.open_chat()
    page.get_by_role("textbox", name="Your message").click()
    page.keyboard.type("is my order late")
    expect(page.get_by_role("textbox", name="Your message")).to_have_value("is my order late")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("/?")
    page.keyboard.press("Enter")
    window.hears("you said is my order late\n/?")
    assert page.evaluate("window.heard") == []
    assert page.evaluate("document.getElementById('search').value") == ""
    # The page's own dialogs still hear these two, and its own field all keys.
    page.keyboard.press("Tab")
    assert set(page.evaluate("window.heard.map((one) => one.split(' ')[2])")) <= {"Tab"}
    page.get_by_role("textbox", name="Your message").press("Escape")
    expect(page.locator(PANEL)).to_be_hidden()
    page.locator("#search").click()
    page.keyboard.type("s")
    assert page.evaluate("document.getElementById('search').value") == "s"
    assert "capture keydown s" in page.evaluate("window.heard")


def test_a_shortcut_that_hears_everything_first_finds_a_field_that_is_written_in(
    window: Window, site: ForeignSite, gateway: QuickGateway
) -> None:
    """D14: what a window's own early listener hears cannot be kept from it; it is told that somebody is writing."""
    early = """<script>window.addEventListener("keydown", (event) => {
        if (event.target.isContentEditable || event.target.tagName === "INPUT") return;
        if (event.key === "s") { event.preventDefault(); document.getElementById("search").focus(); }
    }, true);</script>"""
    window.page.goto(site.page("/early", gateway.url, head=early))
    window.open_chat()
    window.say("is my order late")
    window.hears("you said is my order late")


def test_a_new_body_and_a_new_address_change_nothing(window: Window, site: ForeignSite, gateway: QuickGateway) -> None:
    """D15, kind 6: one host, the same conversation, still open, what was being written still there."""
    page = window.page
    page.goto(site.page("/swap", gateway.url))
    window.open_chat()
    window.say("hello")
    window.hears("you said hello")
    page.get_by_role("textbox", name="Your message").fill("half a")
    key = page.evaluate("JSON.parse(localStorage.warmline).conversationId")
    swaps = [
        "document.body = document.createElement('body'); history.pushState({}, '', '/elsewhere')",
        "document.body.outerHTML = '<body><p>new</p></body>'",
        "document.documentElement.innerHTML = '<head></head><body>newer</body>'",
        "document.replaceChild(document.documentElement.cloneNode(false), document.documentElement);"
        "document.documentElement.append(document.createElement('body'))",
        "document.querySelector('warmline-chat').remove()",
    ]
    for swap in swaps:
        page.evaluate(f"() => {{ {swap} }}")
        expect(page.locator("warmline-chat")).to_have_count(1)
        expect(page.locator(PANEL)).to_be_visible()
        expect(page.get_by_role("textbox", name="Your message")).to_have_value("half a")
    window.say(" word")
    window.hears("you said half a word")
    assert page.evaluate("JSON.parse(localStorage.warmline).conversationId") == key


def test_a_page_that_wants_the_widget_gone_is_not_fought_for_ever(
    window: Window, site: ForeignSite, gateway: QuickGateway
) -> None:
    """Kind 6: the page stays usable."""
    fight = """<script>new MutationObserver(() => document.querySelector("warmline-chat")?.remove())
        .observe(document.documentElement, {childList: true})</script>"""
    window.page.goto(site.page("/fight", gateway.url, head=fight))
    window.page.wait_for_timeout(500)
    window.page.locator("#search").fill("still works")
    expect(window.page.locator("warmline-chat")).to_have_count(0)


def test_two_tags_make_one_widget(window: Window, site: ForeignSite, gateway: QuickGateway) -> None:
    """Kind 6: also when the second one comes with a new body, as pages do that load their next page themselves."""
    page = window.page
    tag = f'<script src="{gateway.url}/widget.js" data-title="Help" defer></script>'
    page.goto(site.page("/twice", gateway.url, tag=tag + tag))
    page.locator(LAUNCHER).wait_for()
    with page.expect_response("**/widget.js"):
        page.evaluate(
            f"""() => {{ const again = document.createElement("script"); again.src = "{gateway.url}/widget.js";
            document.body.replaceChildren(again); }}"""
        )
    page.wait_for_timeout(300)
    expect(page.locator("warmline-chat")).to_have_count(1)
    window.open_chat()
    window.say("hello")
    window.hears("you said hello")


@pytest.mark.parametrize(
    "tag",
    [
        '<script type="module" src="{url}/widget.js" data-title="Module"></script>',
        '<script type="module">import "{url}/widget.js?v=3";</script>',
        '<script type="module">await import("{url}/widget.js");</script>',
        '<script src="{url}/widget.js" data-title="Module" async></script>',
        '<script src="{url}/widget.js"></script>',
    ],
)
def test_the_tag_may_be_written_in_any_way(window: Window, site: ForeignSite, gateway: QuickGateway, tag: str) -> None:
    """W14, kind 6: as a module, imported, async, or without defer in the head."""
    window.page.goto(site.page("/tag", gateway.url, tag=tag.format(url=gateway.url)))
    window.open_chat()
    if "data-title" in tag:
        expect(window.page.get_by_role("heading", name="Module")).to_be_visible()
    window.say("hello")
    window.hears("you said hello")


MEDDLING = """<script>
Array.prototype.toJSON = function () { return JSON.stringify(this.join()); };
Date.prototype.toJSON = String.prototype.toJSON = function () { return "meddled"; };
Object.prototype.each = function () {};
Array.prototype.each = function () {};
Array.from = (list) => [].slice.call(list);
Function.prototype.bind = function (self) { const f = this; return function () { return f.apply(self, arguments); }; };
const fetched = window.fetch; window.fetch = function (...all) { return fetched.apply(this, all); };
Element.prototype.remove = function () { this.parentNode && this.parentNode.removeChild(this); return this; };
window.$ = window.h = window.texts = window.draw = () => { throw new Error("the page's own"); };
var top_ = 1, panel = 2, launcher = 3, conversation = 4, tag = 5, begin = 6;
</script>"""


def test_scripts_that_changed_what_objects_can_do_do_no_harm(
    window: Window, site: ForeignSite, gateway: QuickGateway
) -> None:
    """Kind 6: old libraries give every object more; what was written survives a reload all the same."""
    page = window.page
    page.goto(site.page("/meddling", gateway.url, head=MEDDLING))
    window.open_chat()
    window.say("hello")
    window.hears("you said hello")
    page.context.set_offline(True)
    window.say("kept")
    expect(page.get_by_text("not sent yet")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    window.hears("you said kept")


def test_a_page_that_is_not_allowed_is_told_which_setting_to_change(window: Window, gateway: QuickGateway) -> None:
    """W3, kind 6: nothing shows, nothing is tried again, and one line names the setting and the page."""
    with foreign_site() as other:
        calls: list[str] = []
        window.page.on("request", lambda request: calls.append(request.url))
        window.page.goto(other.page("/", gateway.url))
        with window.page.expect_event("console"):
            pass
        window.page.wait_for_timeout(1500)
        expect(window.page.locator(LAUNCHER)).to_have_count(0)
        assert len(window.console) == 1, window.console
        assert "website.allowed_origins" in window.console[0]
        assert other.url in window.console[0]
        # What any page may ask, and nothing else.
        asked = [url for url in calls if "/api/web/" in url]
        assert sorted(asked) == [f"{gateway.url}/api/web/{what}" for what in ("embedding", "wording/en")]


def test_a_strict_policy_of_the_page_is_kept(window: Window, site: ForeignSite, gateway: QuickGateway) -> None:
    """Kind 6: no inline style, no eval, nothing from elsewhere."""
    policy = f"default-src 'none'; script-src {gateway.url}; connect-src {gateway.url}; style-src 'self'"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    window.page.goto(site.page("/strict", gateway.url, head=head))
    window.open_chat()
    window.say("hello")
    window.hears("you said hello")
    assert [line for line in window.console if "favicon" not in line] == []
    screenshot(window.page, "30-strict-page")

"""The desk on every screen, with a long queue, and for every keyboard: what an agent of a busy day met."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations import owner, transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.desk.roles import Role
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.identity import new_id
from bot.gateway.platform.signals import Signals
from bot.gateway.tickets import later
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Agent as AgentRow
from bot.gateway.tickets.tables import Ticket
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import ActionTried, HandoffRequest, KnowledgeTried, OpenForm, Slot
from tests.e2e.installation import Installation
from tests.e2e.windows import Agent, Windows, check_access, screenshot
from tests.gateway.making import brought_to

SCREENS = [(1366, 768), (1280, 720), (1024, 768), (768, 1024), (390, 844)]
# Of the window's height; less than this shows hardly the last message.
SMALLEST_TRANSCRIPT = 0.4
OFFERS = [
    {"kind": "answer", "text": "We open at 11am on Sundays and close at 5pm. " * 6, "source": None},
    {"kind": "passage", "text": "Every store opens at 9am from Monday to Saturday. " * 4, "source": None},
    {"kind": "passage", "text": "On public holidays all stores open at 11am. " * 4, "source": None},
]
BOOKING = HandoffRequest(
    ReasonCode.NOT_UNDERSTOOD,
    evidence="hm, dunno",
    slots={
        "product": Slot("dishwasher"),
        "appointment": Slot("LS-20261201-morning-1"),
        "wanted_date": Slot("2026-12-01"),
        "email": Slot("ada@example.com", sensitive=True),
    },
    open_form=OpenForm("book_technician_form", ("confirm_booking",)),
    actions_tried=(
        ActionTried("action_ask_book_technician_form_appointment", True),
        ActionTried("action_ask_book_technician_form_appointment", True),
        ActionTried("action_not_understood", True),
        ActionTried("action_track_order", True),
        ActionTried("action_track_order", True),
    ),
    knowledge_tried=(
        KnowledgeTried("dishwasher-leaks", "First steps", 0.61, True),
        KnowledgeTried("gift-cards", "Lost", 0.0, False),
    ),
)


class Day:
    """Writes what customers and assistant did into the installation's database, as the gateway would."""

    def __init__(self, installation: Installation) -> None:
        self._database = Database(installation.settings.database_url, Signals())

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def clear(self) -> None:
        """Nobody waits, and nobody has anybody."""

        def work(session: Session) -> None:
            for ticket in session.scalars(select(Ticket).where(Ticket.state.in_(("queued", "accepted", "scheduled")))):
                brought_to(ticket, "completed").closed_at = utc_now()
                session.get_one(Conversation, ticket.conversation_id).owner = owner.BOT

        self._database.run_here(work)

    def customer(
        self,
        said: list[tuple[str, str]],
        request: HandoffRequest | None = None,
        ago: timedelta = timedelta(0),
        name: str | None = None,
    ) -> str:
        """Somebody who said this and waits now; gives the ticket's id."""
        address = new_id(utc_now())

        def work(session: Session) -> str:
            now = utc_now() - ago
            conversation = Conversation(
                id=address, channel="web", account="default", address=address, owner="bot", started_at=now,
                customer={"id": address, "name": name, "verified": False, "attributes": {}},
            )  # fmt: skip
            session.add(conversation)
            session.flush()
            for number, (author, text) in enumerate(said):
                at = now + timedelta(seconds=number)
                transcript.append(session, conversation, type="message", author=author, text=text, now=at)
                if author == "bot":
                    trace = {"intent": {"name": "inform", "confidence": 1.0}}
                    transcript.append(session, conversation, type="trace", author="bot", now=at, detail=trace)
            handed = request or HandoffRequest(ReasonCode.CUSTOMER_REQUEST)
            later_on = now + timedelta(seconds=len(said))
            return tickets.open_ticket(session, TicketServices(), conversation, handed, later_on).id

        return self._database.run_here(work)

    def do(self, work: Any) -> Any:
        """Run something in the database."""
        return self._database.run_here(work)

    def mine(self, ticket_id: str, username: str) -> None:
        """An agent claims it."""

        def work(session: Session) -> None:
            agent = session.scalars(select(AgentRow).where(AgentRow.username == username)).one()
            tickets.claim(session, TicketServices(), ticket_id, agent, utc_now())

        self._database.run_here(work)

    def suggest(self, ticket_id: str) -> None:
        """The assistant offers three long replies to the customer's last message."""

        def work(session: Session) -> None:
            ticket = session.get_one(Ticket, ticket_id)
            conversation = transcript.lock(session, ticket.conversation_id)
            assert conversation is not None
            said = transcript.append(
                session, conversation, type="message", author="customer", text="And on Sundays?", now=utc_now()
            )
            detail = {"for_seq": said.seq, "offers": OFFERS, "next_action": None, "reading": {}}
            transcript.append(session, conversation, type="suggestion", author="bot", now=utc_now(), detail=detail)

        self._database.run_here(work)


@pytest.fixture
def day(installation: Installation) -> Iterator[Day]:
    """A day that begins with nobody there."""
    day = Day(installation)
    day.clear()
    yield day
    day.clear()
    day.close()


def box(of: Locator) -> dict[str, float]:
    """Where something is drawn."""
    found = of.bounding_box()
    assert found is not None
    return dict(found)


def apart(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two rectangles share no room."""
    return (
        one["x"] + one["width"] <= other["x"] + 1
        or other["x"] + other["width"] <= one["x"] + 1
        or one["y"] + one["height"] <= other["y"] + 1
        or other["y"] + other["height"] <= one["y"] + 1
    )


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_the_transcript_keeps_two_fifths_and_nothing_covers_anything(
    windows: Windows, day: Day, width: int, height: int
) -> None:
    """K1 and K11, kind 10: with three long suggestions, at each size, everything is reachable."""
    ticket = day.customer([("customer", "When are you open?"), ("bot", "From 9am.")] * 6)
    page = windows.open(width, height)
    agent = Agent(page, windows.installation, *windows.account(f"Screen{width}x{height} Sam", Role.ADMINISTRATOR))
    day.mine(ticket, agent.username)
    day.suggest(ticket)
    page.locator("details.mine button.ticket").click()
    offers = page.get_by_role("region", name="Suggested replies")
    expect(offers).to_be_visible()
    screenshot(page, f"40-desk-{width}x{height}")
    log = box(page.get_by_role("log", name="Transcript"))
    assert log["height"] >= SMALLEST_TRANSCRIPT * height
    parts = [box(page.locator(one)) for one in (".conversation-head", ".log", ".suggestions", "form.reply")]
    if page.locator("aside.context").is_visible():
        parts.append(box(page.locator("aside.context")))
    if page.locator(".lists").is_visible():
        parts.append(box(page.locator(".lists")))
    for at, one in enumerate(parts):
        assert all(apart(one, other) for other in parts[at + 1 :])
        assert one["x"] >= 0
        assert one["x"] + one["width"] <= width + 1
        assert one["y"] + one["height"] <= height + 1
    for name in ("Resolve…", "Transfer…", "To the assistant…", "Snooze…", "Send"):
        expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    check_access(page)
    context = page.get_by_role("button", name="Context", exact=True)
    if context.is_visible():
        context.click()
        screenshot(page, f"40-desk-{width}x{height}-context")
        check_access(page)
    expect(page.get_by_role("heading", name="Why they are here")).to_be_in_viewport()
    expect(page.get_by_label("Search the knowledge")).to_be_in_viewport()
    back = page.get_by_role("button", name="Back to the conversation")
    if back.is_visible():
        back.click()
    expect(page.get_by_label("Your reply")).to_be_in_viewport()


def test_the_list_is_the_line_with_places_and_reasons(windows: Windows, day: Day) -> None:
    """K2 and K5, kind 10: the upset customer stands where they were told; mine is on top; visitors differ."""
    for number in range(60):
        day.customer([("customer", f"question {number}")], ago=timedelta(seconds=40 * (60 - number)))
    day.customer([("customer", "this is a disgrace")], HandoffRequest(ReasonCode.UPSET_CUSTOMER), name="Ursula Upset")
    mine = day.customer([("customer", "about mine")])
    agent = windows.agent("Lina Line", Role.SUPERVISOR)
    day.mine(mine, "lina")
    page = agent.page
    page.reload()
    expect(page.locator("details.mine button.ticket")).to_have_count(1)
    order = page.locator(".lists summary h2").all_inner_texts()
    assert order == ["Mine", "Waiting", "Team", "All"]
    rows = page.locator("details.waiting button.ticket")
    expect(rows).to_have_count(40)
    upset = page.locator("details.waiting button.ticket", has_text="Ursula Upset")
    place = int(upset.locator(".place").inner_text().rstrip("."))
    told = day.do(lambda session: _told(session, "Ursula Upset"))
    assert place == told
    assert place < 61, "ahead of others who came earlier"
    expect(upset).to_contain_text("high priority, ahead of others")
    places = page.locator("details.waiting .place").all_inner_texts()
    assert places == [f"{number}." for number in range(1, 41)]
    screenshot(page, "41-desk-line")
    check_access(page)
    names = page.locator("details.waiting .who").all_inner_texts()
    assert len(set(names)) == len(names)
    assert len(set(page.locator("details.waiting .picture").all_inner_texts())) > 5
    page.get_by_role("button", name=re.compile("^Show 21 more")).click()
    expect(rows).to_have_count(61)

    # What was folded stays folded.
    page.locator("details.waiting > summary").click()
    expect(rows).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.locator("details.waiting")).not_to_have_attribute("open", "")
    page.locator("details.waiting > summary").click()
    page.get_by_role("button", name="Right now").click()
    expect(page.get_by_role("columnheader", name="Place")).to_be_visible()
    screenshot(page, "41-desk-right-now")


def _told(session: Session, name: str) -> int | None:
    found = session.scalars(select(Conversation)).all()
    conversation = next(one for one in found if one.customer.get("name") == name)
    states = [
        one for one in transcript.entries_after(session, conversation.id, 0, customers_only=True) if one.type == "state"
    ]
    return (states[-1].detail or {}).get("position")


def test_the_lists_are_loaded_once_and_the_closed_ones_page_by_page(windows: Windows, day: Day) -> None:
    """K3 and K6, kind 10: each ticket comes once; what is closed is asked for when somebody looks, by day or on."""

    def fill(session: Session) -> None:
        template = session.scalars(select(Ticket).limit(1)).one()
        for number in range(230):
            at = datetime(2026, 2, 3, 9, tzinfo=timezone.utc) + timedelta(minutes=number)
            name = f"old-{at.timestamp():.0f}"
            session.add(
                Conversation(
                    id=name, channel="web", account="default", address=name, owner="bot", started_at=at,
                    customer={"id": name, "name": f"Old {number}", "verified": False, "attributes": {}},
                )
            )  # fmt: skip
            session.flush()
            ticket = Ticket(
                id=f"t{name}", conversation_id=name, state="queued", outcome="solved", created_at=at,
                closed_at=at, package=template.package, reason="customer_request",
            )  # fmt: skip
            session.add(brought_to(ticket, "completed"))

    for number in range(3):
        day.customer([("customer", f"question {number}")])
    day.do(fill)
    agent = windows.agent("Archie Archive")
    page = agent.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/tickets?" in request.url else None)
    page.reload()
    expect(page.locator("details.waiting button.ticket")).to_have_count(3)
    assert sorted(re.findall(r"list=(\w+)", " ".join(asked))) == ["mine", "team", "waiting"]
    page.locator("details.all > summary").click()
    expect(page.locator("details.all button.ticket")).to_have_count(40)
    older = page.get_by_role("button", name="Show older")
    older.click()
    expect(older).to_be_hidden()
    page.get_by_label("Of the day").fill("2026-02-03")
    expect(page.locator("details.all button.ticket").first).to_contain_text("Old 229")
    while page.locator("details.all .rest").is_visible() or older.is_visible():
        (page.locator("details.all .rest") if page.locator("details.all .rest").is_visible() else older).click()
        page.wait_for_timeout(100)
    expect(page.locator("details.all .who").get_by_text("Old 0", exact=True)).to_have_count(1)
    expect(page.locator("details.all button.ticket")).to_have_count(230)
    screenshot(page, "42-desk-archive")
    check_access(page)


def test_an_address_that_was_left_is_seen_and_answered_by_mail(windows: Windows, day: Day) -> None:
    """K4, kind 10: in the row, the filter, the conversation and its context; without a reload."""
    ticket = day.customer([("customer", "my oven is cold")], name="Ada Brook")
    agent = windows.agent("Mia Mail")
    page = agent.page
    row = page.locator("details.waiting button.ticket")
    expect(row).to_have_count(1)

    def leave(session: Session) -> None:
        found = session.get_one(Ticket, ticket)
        conversation = transcript.lock(session, found.conversation_id)
        assert conversation is not None
        found.contact = {"kind": "email", "address": None}
        session.flush()
        later.heard(
            session, TicketServices(), conversation, {"type": "text", "text": "ada.brook+x@example.com"}, utc_now()
        )

    day.do(leave)
    expect(row).to_contain_text("by e-mail")
    page.get_by_label("Filter the lists").fill("ada.brook")
    expect(row).to_have_count(1)
    page.get_by_label("Filter the lists").fill("by e-mail")
    expect(row).to_have_count(1)
    row.click()
    letter = page.get_by_role("link", name="Write the answer as an e-mail")
    href = letter.get_attribute("href") or ""
    assert href.startswith("mailto:ada.brook%2Bx@example.com?subject=")
    expect(page.get_by_label("Context", exact=True)).to_contain_text("ada.brook+x@example.com")
    screenshot(page, "43-desk-by-mail")
    check_access(page)


def test_the_context_tells_a_left_booking_in_an_agents_words(windows: Windows, day: Day) -> None:
    """K7 and K10, kind 10: no ids, no ISO dates, nothing twice, no scores; the assistant's thoughts on demand."""
    said = [("customer", "my dishwasher leaks"), ("bot", "When shall we come?"), ("customer", "hm, dunno")]
    now = utc_now()
    noon_yesterday = now.replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    ticket = day.customer(said, BOOKING, ago=now - noon_yesterday)
    agent = windows.agent("Wanda Words")
    page = agent.page
    page.locator("details.waiting button.ticket").click()
    context = page.get_by_label("Context", exact=True)
    expect(context).to_contain_text("1 December 2026")
    expect(context).not_to_contain_text(re.compile("LS-2026|2026-12-01|0\\.00|Ask book|Not understood|Gift cards|form"))
    expect(context.get_by_text("worked", exact=True)).to_have_count(1)
    expect(context).to_contain_text("Dishwasher leaks")

    # One line for the hand-over; its words folded; days apart.
    transcript_ = agent.transcript
    expect(transcript_.locator(".state")).to_have_count(1)
    expect(transcript_.locator(".system")).to_have_count(0)
    expect(transcript_.locator(".day")).to_have_text(["Yesterday"])
    day.mine(ticket, "wanda")
    expect(transcript_.locator(".state")).to_have_count(2)
    expect(transcript_.locator(".system")).to_have_count(0)
    expect(transcript_.locator(".day")).to_have_text(["Yesterday", "Today"])
    assert transcript_.locator(".state").last.locator("p").is_hidden()

    expect(transcript_.locator(".trace")).to_have_count(0)
    screenshot(page, "44-desk-words")
    page.get_by_role("button", name="What the assistant understood").click()
    expect(transcript_.locator(".trace")).to_have_count(1)
    check_access(page)
    page.reload()
    page.locator("details.mine button.ticket").click()
    expect(transcript_.locator(".trace")).to_have_count(1)


def test_places_that_move_stay_one_line(windows: Windows, day: Day) -> None:
    """K10, kind 10: who was number 3, 2 and 1 is told of in the line by which they came."""
    ticket = day.customer([("customer", "hello")])

    def move(session: Session) -> None:
        found = session.get_one(Ticket, ticket)
        conversation = transcript.lock(session, found.conversation_id)
        assert conversation is not None
        for place in (3, 2):
            owner.write_state(session, conversation, now=utc_now(), position=place)

    day.do(move)
    agent = windows.agent("Oli One")
    agent.page.locator("details.waiting button.ticket").click()
    expect(agent.transcript.locator(".state")).to_have_count(1)
    expect(agent.transcript.locator(".state")).to_contain_text("number 2 since")


@pytest.mark.parametrize("key", ["s", "r", "t", "b", "x", "n", "1"])
def test_no_letter_is_taken_from_who_types(windows: Windows, day: Day, key: str) -> None:
    """K9, kind 10: with Alt or Option many keyboards write letters; outside fields the same keys act."""
    ticket = day.customer([("customer", "hello")])
    name = f"Key{key} Kim"
    agent = windows.agent(name)
    day.mine(ticket, name.split()[0].lower())
    page = agent.page
    page.locator("details.mine button.ticket").click()
    field = page.get_by_label("Your reply")
    expect(field).to_be_focused()
    code = f"Digit{key}" if key.isdigit() else f"Key{key.upper()}"
    taken = page.evaluate(
        """(code) => !document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {code, key: "ß", altKey: true, bubbles: true, cancelable: true}))""",
        code,
    )
    assert not taken
    page.keyboard.press(f"Alt+{code}")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(field).to_be_focused()
    field.press("Escape")
    expect(field).not_to_be_focused()
    if key in "srtb":
        page.keyboard.press(f"Alt+{code}")
        expect(page.get_by_role("dialog")).to_be_visible()


def test_reply_and_note_are_told_apart_without_colours(windows: Windows, day: Day) -> None:
    """K8, kind 10: by words and by the line around them, in colours of the reader's own choosing."""
    ticket = day.customer([("customer", "hello")])
    agent = windows.agent("Fay Forced")
    day.mine(ticket, "fay")
    page = agent.page
    page.emulate_media(forced_colors="active")
    page.locator("details.mine button.ticket").click()
    field = page.locator("#reply")
    style = "(one) => { const s = getComputedStyle(one); return `${s.borderTopStyle} ${s.borderTopWidth}` }"
    reply = field.evaluate(style)
    expect(page.get_by_text("Reply: the customer reads it")).to_be_visible()
    screenshot(page, "45-desk-forced-reply")
    page.get_by_role("button", name="Note to colleagues").click()
    expect(page.get_by_text("Note: only colleagues read it")).to_be_visible()
    assert field.evaluate(style) != reply
    screenshot(page, "45-desk-forced-note")
    check_access(page)


def test_a_table_that_is_found_reads_as_one_and_is_inserted_in_lines(windows: Windows, day: Day) -> None:
    """K13, kind 10: what the search finds has its rows, and what goes into the field has them, too."""
    markdown = "How loud:\n\n| Model | Decibels |\n| --- | --- |\n| **Tern 45** | 46 |\n| Tern 60 | 42 |"
    lines = "How loud:\nTern 45: 46\nTern 60: 42"
    found = {
        "article": "noise-levels", "title": "Noise", "heading": "Figures", "url": "", "public": True, "score": 0.8,
        "text": lines, "format": "markdown", "formatted": markdown,
    }  # fmt: skip

    def answer(route: Route) -> None:
        route.fulfill(json={"results": [found, found | {"format": None, "formatted": None}]})

    ticket = day.customer([("customer", "how loud is it")])
    agent = windows.agent("Tess Table")
    day.mine(ticket, "tess")
    page = agent.page
    page.route("**/api/desk/search", answer)
    page.locator("details.mine button.ticket").click()
    page.get_by_label("Search the knowledge").fill("noise")
    # Not by Enter: a conversation that opens takes the focus to its reply.
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".hit").first.get_by_role("cell", name="46")).to_be_visible()
    assert "|" not in page.locator(".hit").first.inner_text()
    assert page.locator(".hit").last.locator(".hit-text").inner_text() == lines
    screenshot(page, "46-desk-table")
    check_access(page)
    page.get_by_role("button", name=re.compile("^Insert")).first.click()
    expect(page.get_by_label("Your reply")).to_have_value(lines)


def test_small_things_of_a_long_day(windows: Windows, day: Day) -> None:
    """K14, kind 10: messages close, alerts say that they are off, accounts begin with skills, names begin as seen."""
    day.customer([("customer", "hello")])
    boss = windows.agent("Bea Boss", Role.ADMINISTRATOR)
    page = boss.page
    expect(page.get_by_role("button", name="Alerts off")).to_be_visible()
    page.get_by_role("button", name="Alerts off").click()
    page.get_by_label("Play a sound").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Alerts on")).to_be_visible()

    page.route("**/claim", lambda route: route.fulfill(status=409, json=_refusal("Sam was faster.")))
    page.locator("details.waiting button.ticket").click()
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_role("alert")).to_have_text("Sam was faster.")
    page.get_by_role("button", name="Close this message").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    # Looked at when it is said again: it goes by itself, and the look takes as long as the machine lets it.
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_role("alert")).to_have_text("Sam was faster.")
    check_access(page)

    page.get_by_role("button", name="Accounts").click()
    page.get_by_role("button", name="New account…").click()
    dialog = page.get_by_role("dialog", name="New account")
    dialog.get_by_label("Name, as customers see it").fill("Rita Returns")
    dialog.get_by_label("Username").fill("rita")
    dialog.get_by_label("Skills, besides general").fill("returns, technician")
    dialog.get_by_label("Languages").fill("en, pl")
    screenshot(page, "47-desk-new-account")
    dialog.get_by_role("button", name="Create account").click()
    page.get_by_role("dialog", name="Password").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Change Rita Returns").click()
    dialog = page.get_by_role("dialog", name="Change Rita Returns")
    expect(dialog.get_by_label("Skills, besides general")).to_have_value("returns, technician")
    dialog.get_by_label("Role").select_option("trainer")
    expect(dialog.get_by_label("Skills, besides general")).to_be_hidden()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=re.compile("Rita Returns"))).to_contain_text("answers nobody")

    page.get_by_role("button", name="Canned replies").click()
    expect(page.get_by_role("cell", name="/welcome", exact=True)).to_be_visible()
    page.get_by_role("button", name="Audit log").click()
    expect(page.get_by_role("heading", name="Newest first")).to_be_visible()
    for button in page.locator("main.page td button").all():
        assert button.get_attribute("aria-label") is None
        assert button.inner_text().startswith("Ticket ")
    check_access(page)


def _refusal(text: str) -> dict[str, Any]:
    return {"error": {"code": "already_claimed", "message": text}}


def test_a_mention_stands_in_one_line(windows: Windows, day: Day) -> None:
    """K14, kind 10: "@ you" is not broken, however narrow the list."""
    page = windows.open(768, 1024)
    agent = windows.agent("Mona Mention", page=page)
    day.customer([("customer", "hello")], name="A Customer With A Very Long Name Indeed")
    expect(page.locator("details.waiting button.ticket")).to_have_count(1)
    mention = page.locator(".mention")
    # Shown and measured in one go: the list is written anew whenever news come, and hides it again.
    height, line = mention.evaluate(
        """(one) => {
        one.hidden = false;
        one.closest(".row-marks").hidden = false;
        return [one.getBoundingClientRect().height, parseFloat(getComputedStyle(one).lineHeight)];
    }"""
    )
    assert 0 < height < 1.8 * line
    assert agent.tickets.is_visible()


def test_a_page_is_small_when_many_wait(windows: Windows, day: Day) -> None:
    """K6, kind 10: what the browser gets of a line of a hundred is less than 150 bytes each."""
    for number in range(100):
        day.customer([("customer", f"question {number}")])
    agent = windows.agent("Slim Line")
    # First away from the page: an answer to what it still asks would be taken for one to the next page's question.
    here = agent.page.url
    agent.page.goto("about:blank")
    with agent.page.expect_response(re.compile("list=waiting")) as answered:
        agent.page.goto(here)
    response = answered.value
    body = response.body()
    assert len(json.loads(body)["tickets"]) == 100
    assert response.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(body, 6)) < 100 * 150

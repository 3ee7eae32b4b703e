"""The desk in a real browser: two agents and two customers at once, a killed gateway, pages that everybody can use."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from bot.gateway.desk.roles import Role
from tests.e2e.installation import Installation
from tests.e2e.slow_line import SlowLine
from tests.e2e.windows import Customer, Windows, check_access, screenshot

# An agent on a slow line does not wait for the page: so many bytes, compressed, until the lists stand there.
MOST_BYTES = 150_000


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
    sam.page.get_by_label("Your reply").focus()
    sam.page.get_by_role("button", name=re.compile("Ask a colleague")).click()
    # The list of colleagues stays: the field that lost the focus to the button has it again.
    sam.page.wait_for_timeout(400)
    expect(sam.page.get_by_role("option", name=re.compile("Kim Lee"))).to_be_visible()
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
    sam.page.keyboard.press("Escape")
    sam.page.keyboard.press("Alt+KeyT")
    dialog = sam.page.get_by_role("dialog", name="Transfer")
    to = dialog.get_by_label("To", exact=True)
    to.select_option(value=to.locator("option", has_text="Kim Lee").get_attribute("value"))
    check_access(sam.page)
    screenshot(sam.page, "23-desk-transfer")
    dialog.get_by_role("button", name="Transfer").click()
    expect(ada.page.get_by_text("Talking to Kim Lee")).to_be_visible()
    kim.open("mine", "about a parcel")
    kim.page.keyboard.press("Escape")
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
    dialog.get_by_role("button", name="Create account").click()
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
    # Signing out in one window ends the other.
    second = page.context.new_page()
    second.goto(f"{installation.url}/desk")
    expect(second.get_by_role("navigation", name="Tickets")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(second.get_by_text("Your session has ended")).to_be_visible()
    check_access(page)
    screenshot(page, "37-desk-signed-out")


def test_the_desk_is_usable_over_a_slow_line(windows: Windows, installation: Installation) -> None:
    """256 kbit/s: little to load, and everything works."""
    customer = Customer(windows.open(420, 760), installation.url)
    customer.say("I want to talk to a human please")
    customer.say("It is about a far away island")
    page = windows.open()
    line = SlowLine(page)
    agent = windows.agent("Ida Island", page=page)
    assert 20_000 < line.bytes_loaded <= MOST_BYTES
    agent.take("a far away island")
    agent.write("Hello from here.")
    expect(customer.log).to_contain_text("Hello from here.")
    customer.say("What time do you open on Sunday?")
    expect(agent.transcript).to_contain_text("What time do you open on Sunday?")
    expect(page.get_by_role("region", name="Suggested replies")).to_contain_text("11am")


def test_the_desk_fits_a_telephone(windows: Windows, installation: Installation) -> None:
    """One line of bar, lists and conversation by turns, no keys that nobody has, nothing sticks out."""
    customer = Customer(windows.open(420, 760), installation.url)
    customer.say("I want to talk to a human please")
    customer.say("It is about a small screen")
    page = windows.open(390, 844)
    agent = windows.agent("Pia Phone", Role.SUPERVISOR, page)
    bar = page.locator(".bar")
    one_line = 70
    assert (bar.bounding_box() or {})["height"] <= one_line
    screenshot(page, "36-desk-telephone")
    check_access(page)

    menu = page.get_by_role("button", name="Menu")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    menu.click()
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    screenshot(page, "36-desk-telephone-menu")
    check_access(page)
    page.get_by_role("button", name="Right now").click()
    expect(page.get_by_role("heading", name="Who waits")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    screenshot(page, "36-desk-telephone-right-now")
    check_access(page)
    menu.click()
    page.get_by_role("button", name="Conversations", exact=True).click()

    agent.take("about a small screen")
    expect(agent.tickets).to_be_hidden()
    agent.write("Hello, I am on the train.")
    expect(customer.log).to_contain_text("Hello, I am on the train.")
    expect(page.get_by_label("Your reply")).to_be_in_viewport()
    expect(agent.transcript.get_by_text("Hello, I am on the train.")).to_be_in_viewport()
    expect(page.locator("kbd:visible")).to_have_count(0)
    screenshot(page, "36-desk-telephone-conversation")
    check_access(page)
    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        if agent.back.is_visible():
            agent.back.click()
    expect(page.locator("button.ticket:focus")).to_contain_text("Website visitor")
    expect(agent.tickets).to_be_visible()

    # The list of all has this one, too, and says whose it is.
    page.locator("details.all summary").click()
    expect(page.locator("details.all button.ticket", has_text="with you")).to_have_count(1)
    screenshot(page, "36-desk-telephone-all")
    check_access(page)

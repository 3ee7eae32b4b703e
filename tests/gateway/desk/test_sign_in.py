"""Only agents get in, guessing is slow, and a page that was not ours writes nothing."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from bot.commands.accounts import create_first
from bot.gateway.desk import accounts, sign_in, tries
from bot.gateway.desk.devices import Device
from bot.gateway.desk.roles import Role
from bot.gateway.desk.tables import DeskSession
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.tickets.tables import Agent
from tests.gateway.desk.conftest import Desks
from tests.gateway.tickets.scene import NOON

STRANGER = Device("", "k" * 40)


async def test_a_password_opens_a_session_that_the_browser_alone_holds(desks: Desks, database: Database) -> None:
    """The cookie cannot be read by scripts or sent from elsewhere, and the database does not hold it."""
    password = await desks.account("Sam")
    browser = desks.browser()
    answer = await browser.post("session", json={"username": " SAM ", "password": password})
    assert answer.json()["agent"]["name"] == "Sam"
    cookie = answer.headers.get_list("set-cookie")[0]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    token = browser.cookies["warmline_desk"]
    assert len(token) >= 43, "256 bits in base 64"
    assert (await browser.get("session")).json() == answer.json()

    def stored(session: object) -> list[str]:
        return [row.token_hash for row in session.query(DeskSession)]  # type: ignore[attr-defined]

    assert token not in await database.read(stored)


async def test_signing_out_ends_every_session_of_that_agent_and_no_one_elses(desks: Desks) -> None:
    """A copied cookie is worth nothing after it, and neither is the browser that was left open at home."""
    sam, kim = await desks.signed_in("Sam"), await desks.signed_in("Kim")
    home = await desks.browser_of(sam)
    thief = desks.browser()
    thief.cookies.set("warmline_desk", sam.browser.cookies["warmline_desk"])
    assert (await thief.get("session")).status_code == 200
    assert (await sam.browser.delete("session")).status_code == 204
    assert [(await one.get("session")).status_code for one in (thief, home, kim.browser)] == [401, 401, 200]


async def test_a_new_password_of_ones_own_ends_every_session(desks: Desks) -> None:
    """The old one no longer opens anything; the wrong present one changes nothing, and cannot be guessed here."""
    sam = await desks.signed_in("Sam")
    home = await desks.browser_of(sam)
    new = "a long walk by the sea"
    wrong = await sam.post("password", {"old": "guess", "new": new})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (403, "wrong_password")
    short = await sam.post("password", {"old": sam.password, "new": "short"})
    assert short.status_code == 400
    assert (await sam.post("password", {"old": sam.password, "new": new})).status_code == 204
    assert [(await one.get("session")).status_code for one in (sam.browser, home)] == [401, 401]
    answers = [
        (await desks.browser().post("session", json={"username": "sam", "password": one})).status_code
        for one in (sam.password, new)
    ]
    assert answers == [401, 200]


async def test_guessing_the_present_password_in_an_open_browser_is_slow_too(desks: Desks) -> None:
    """Who finds an unlocked screen gets five tries."""
    sam = await desks.signed_in("Sam")
    guesses = [
        (await sam.post("password", {"old": f"guess {n}", "new": "a long walk by the sea"})).status_code
        for n in range(6)
    ]
    assert guesses == [403] * 5 + [429]


async def test_without_a_session_there_is_nothing_to_see(desks: Desks) -> None:
    """Conversations are customers' private words."""
    for path in ("session", "tickets", "tickets/x", "events"):
        answer = await desks.browser().get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "signed_out"), path


async def test_a_write_without_the_pages_own_header_is_refused(desks: Desks) -> None:
    """Another site can make a browser send the cookie, never the header."""
    sam = await desks.signed_in("Sam")
    del sam.browser.headers["X-Warmline-CSRF"]
    writes: list[tuple[str, str, dict[str, object]]] = [
        ("POST", "tickets/x/claim", {}),
        ("POST", "tickets/x/messages", {"client_seq": 1, "text": "x"}),
        ("POST", "tickets/x/return", {}),
        ("POST", "tickets/x/resolve", {"outcome": "solved"}),
        ("DELETE", "session", {}),
    ]
    for method, path, body in writes:
        for headers in ({}, {"X-Warmline-CSRF": ""}, {"X-Warmline-CSRF": "wrong"}):
            answer = await sam.browser.request(method, path, json=body, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong_csrf"), path


async def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(desks: Desks) -> None:
    """Guessing gets slow, and an unknown name is not told from a wrong password."""
    password = await desks.account("Sam")
    browser = desks.browser()
    for name in ("sam", "nobody"):
        answers = [await browser.post("session", json={"username": name, "password": "guess"}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert answers[0].json()["error"]["code"] == "wrong_password"
        assert 0 < int(answers[5].headers["Retry-After"]) <= 15 * 60 + 1
    right = await browser.post("session", json={"username": "sam", "password": password})
    assert right.status_code == 429


async def test_the_wait_ends_by_itself_and_a_right_password_forgives(database: Database) -> None:
    """Nobody is locked out for good, and no administrator has to be woken."""
    await database.run(accounts.create, "sam", "Sam", Role.AGENT, NOON)
    now = NOON
    for _ in range(5):
        await database.run(sign_in.note_try, "sam", "1.2.3.4", STRANGER, now)
    with pytest.raises(tries.TooManyTriesError):
        await database.run(sign_in.note_try, "sam", "1.2.3.4", STRANGER, now)
    await database.run(sign_in.note_try, "sam", "5.6.7.8", STRANGER, now)
    now += tries.WINDOW + timedelta(seconds=1)
    for _ in range(20):
        await database.run(sign_in.note_try, "sam", "1.2.3.4", STRANGER, now)
        assert await database.run(sign_in.open_session, "sam", "1.2.3.4", STRANGER, now) is not None


async def test_one_address_cannot_try_one_password_on_every_name(database: Database) -> None:
    """Guessing across names is guessing too."""
    for number in range(tries.TRIES_BY_ADDRESS):
        await database.run(sign_in.note_try, f"agent{number}", "1.2.3.4", STRANGER, NOON)
    with pytest.raises(tries.TooManyTriesError):
        await database.run(sign_in.note_try, "one more", "1.2.3.4", STRANGER, NOON)


async def test_a_session_ends_with_the_day(database: Database) -> None:
    """A forgotten browser does not stay open for ever."""
    await database.run(accounts.create, "sam", "Sam", Role.AGENT, NOON)
    opened = await database.run(sign_in.open_session, "sam", "1.2.3.4", STRANGER, NOON)
    assert opened is not None
    token = opened[1]
    assert await database.read(sign_in.who, token, NOON + timedelta(hours=11)) is not None
    assert await database.read(sign_in.who, token, NOON + timedelta(hours=13)) is None


def test_the_first_account_is_made_once_and_its_password_is_told_once(database_url: str, database: Database) -> None:
    """There is no default password, and a second start tells nothing."""
    password = create_first(database_url)
    assert password is not None
    assert len(password) >= 20
    assert create_first(database_url) is None
    admin = database.run_here(accounts.find, "admin")
    assert admin is not None
    assert admin.password_hash.startswith("$argon2id$")
    assert accounts.password_is_right(admin.password_hash, password)
    assert not accounts.password_is_right(admin.password_hash, password + "x")
    assert not accounts.password_is_right(None, password)


def test_the_command_adds_agents_and_gives_new_passwords(database_url: str, database: Database) -> None:
    """An operator needs no database client; a new password signs the old browsers out."""

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot.commands.accounts", *arguments],
            env={"PATH": "/usr/bin:/bin", "WARMLINE_DATABASE_URL": database_url},
            capture_output=True,
            text=True,
            timeout=60,
        )

    added = command("add", "kim", "--name", "Kim Lee")
    assert added.returncode == 0, added.stderr
    agent = database.run_here(accounts.find, "kim")
    assert agent is not None
    assert (agent.name, agent.role) == ("Kim Lee", "agent")
    assert accounts.password_is_right(agent.password_hash, added.stdout.strip())
    opened = database.run_here(sign_in.open_session, "kim", "1.2.3.4", STRANGER, utc_now())
    assert opened is not None

    again = command("reset", "kim")
    assert again.returncode == 0
    assert database.run_here(sign_in.who, opened[1], utc_now()) is None

    def changed(session: object) -> str:
        return session.get(Agent, agent.id).password_hash  # type: ignore[attr-defined, no-any-return]

    assert accounts.password_is_right(database.run_here(changed), again.stdout.strip())
    taken = command("add", "KIM")
    assert (taken.returncode, taken.stdout) == (1, "")
    assert "you can give it a new password" in taken.stderr

"""Strangers who guess lock out nobody who works here (X10)."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.desk import accounts, audit, devices, sign_in, tries
from bot.gateway.desk.devices import Device
from bot.gateway.desk.roles import Role
from bot.gateway.desk.tables import AuditRecord, SignInAttempt
from bot.gateway.platform.database import Database
from tests.gateway.desk.conftest import Desks
from tests.gateway.tickets.scene import NOON

KEY = "k" * 40
STRANGER = Device("", KEY)


async def _guessed(database: Database, name: str = "admin") -> None:
    """50 wrong passwords from 10 addresses."""
    for number in range(tries.TRIES_BY_NAME):
        await database.run(sign_in.note_try, name, f"6.6.6.{number // 5}", STRANGER, NOON)
    with pytest.raises(tries.TooManyTriesError):
        await database.run(sign_in.note_try, name, "7.7.7.7", STRANGER, NOON)


async def _at_work(database: Database) -> tuple[str, Device]:
    """An account, and the browser in which it signed in before."""
    await database.run(accounts.create, "admin", "Admin", Role.ADMINISTRATOR, NOON)
    opened = await database.run(sign_in.open_session, "admin", "1.2.3.4", STRANGER, NOON)
    assert opened is not None
    return opened[0].agent_id, Device(STRANGER.renewed(opened[0].agent_id, NOON), KEY)


async def test_who_signed_in_before_is_not_locked_out_by_strangers(database: Database) -> None:
    """From the office's address, from a guesser's, and with a wrong password of their own before."""
    _, known = await _at_work(database)
    await _guessed(database)
    for address in ("1.2.3.4", "6.6.6.1"):
        assert await database.run(sign_in.note_try, "admin", address, known, NOON) is not None
        assert await database.run(sign_in.note_try, "admin", address, known, NOON) is not None
        assert await database.run(sign_in.open_session, "admin", address, known, NOON) is not None


async def test_a_stolen_cookie_gives_a_few_tries(database: Database) -> None:
    """At one account; and they lock out that browser alone."""
    agent_id, known = await _at_work(database)
    for number in range(5):
        await database.run(sign_in.note_try, "admin", f"6.6.6.{number}", known, NOON)
    with pytest.raises(tries.TooManyTriesError):
        await database.run(sign_in.note_try, "admin", "1.2.3.4", known, NOON)
    other = Device(STRANGER.renewed(agent_id, NOON), KEY)
    assert await database.run(sign_in.note_try, "admin", "1.2.3.4", other, NOON) is not None
    assert await database.run(sign_in.note_try, "admin", "1.2.3.4", STRANGER, NOON) is not None


async def test_a_known_browser_is_a_stranger_at_other_accounts(database: Database) -> None:
    """A colleague's browser gives no tries at the administrator's password."""
    _, known = await _at_work(database)
    await database.run(accounts.create, "sam", "Sam", Role.AGENT, NOON)
    await _guessed(database, "sam")
    with pytest.raises(tries.TooManyTriesError):
        await database.run(sign_in.note_try, "sam", "1.2.3.4", known, NOON)


async def test_a_lock_out_counts_over_all_gateways_and_a_restart(database: Database) -> None:
    """It stands in the database, which every gateway asks."""
    await _at_work(database)
    await _guessed(database)
    beside = Database(str(database.url.render_as_string(hide_password=False)), database.signals)
    try:
        with pytest.raises(tries.TooManyTriesError):
            beside.run_here(sign_in.note_try, "admin", "8.8.8.8", STRANGER, NOON)
    finally:
        beside.close()


@pytest.mark.parametrize("how", ["unlock", "reset"])
async def test_the_command_lets_somebody_in_whom_guessers_lock_out(database: Database, how: str) -> None:
    """From a new browser, too; a new password does the same; other accounts' tries stay counted."""
    await _at_work(database)
    await database.run(accounts.create, "sam", "Sam", Role.AGENT, NOON)
    await _guessed(database)
    await _guessed(database, "sam")
    await database.run(getattr(accounts, how), "admin", NOON)
    assert await database.run(sign_in.note_try, "admin", "6.6.6.1", STRANGER, NOON) is not None
    with pytest.raises(tries.TooManyTriesError):
        await database.run(sign_in.note_try, "sam", "8.8.8.8", STRANGER, NOON)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_unlocking_from_the_command_line_is_in_the_log(database: Database, tmp_path: Path) -> None:
    """It prints no password, and an unknown name is a sentence."""
    database.run_here(accounts.create, "admin", "Admin", Role.ADMINISTRATOR, NOON)
    for _ in range(tries.TRIES_BY_PAIR):
        database.run_here(sign_in.note_try, "admin", "6.6.6.1", STRANGER, NOON)
    environment = {**os.environ, "WARMLINE_DATABASE_URL": str(database.url), "WARMLINE_VAR": str(tmp_path)}
    for name, status in (("Admin", 0), ("nobody", 1)):
        done = subprocess.run(
            [sys.executable, "-m", "bot.commands.accounts", "unlock", name],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (status, ""), done.stderr
    found = database.run_here(lambda session: [row.action for row in session.query(AuditRecord)])
    assert found[-1] == audit.Action.UNLOCKED_ACCOUNT.value
    assert database.run_here(sign_in.note_try, "admin", "6.6.6.1", STRANGER, NOON) is not None


async def test_no_name_or_address_stands_in_the_table(database: Database) -> None:
    """People type passwords into the field for the name."""
    await database.run(sign_in.note_try, "hunter2", "1.2.3.4", STRANGER, NOON)
    keys = await database.read(lambda session: [row.username for row in session.query(SignInAttempt)])
    assert len(keys) == 3
    assert not any("hunter2" in key or "1.2.3.4" in key or len(key) > 64 for key in keys)


async def test_a_sign_in_gives_the_browser_its_cookie_for_a_year(desks: Desks) -> None:
    """No script reads it, no other site sends it, it opens nothing, and it survives signing out."""
    sam = await desks.signed_in("Sam")
    value = sam.browser.cookies[devices.COOKIE]
    assert (await sam.browser.delete("session")).status_code == 204
    assert sam.browser.cookies[devices.COOKIE] == value
    assert (await sam.browser.get("session")).status_code == 401
    answer = await sam.browser.post("session", json={"username": "sam", "password": sam.password})
    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith(devices.COOKIE)]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Max-Age=31536000" in cookie
    assert sam.browser.cookies[devices.COOKIE].split(".")[0] == value.split(".")[0], "the browser keeps its name"


@given(st.text(max_size=120), st.integers(0, 10**9))
def test_whatever_a_browser_sends_is_no_device_of_ours(cookie: str, seconds: int) -> None:
    """Forged, cut, of another account, of another installation, too old or from the future: all strangers."""
    now = NOON + timedelta(seconds=seconds)
    assert Device(cookie, KEY).name_for("agent", now) is None
    right = STRANGER.renewed("agent", now)
    assert Device(right, KEY).name_for("agent", now + timedelta(days=364)) is not None
    for other in (right[:-1], right + "0", "A" + right[1:] if right[0] != "A" else "B" + right[1:], right.upper()):
        assert Device(other, KEY).name_for("agent", now) is None
    assert Device(right, KEY).name_for("another", now) is None
    assert Device(right, "l" * 40).name_for("agent", now) is None
    assert Device(right, KEY).name_for("agent", now + timedelta(days=366)) is None
    assert Device(right, KEY).name_for("agent", now - timedelta(hours=1)) is None

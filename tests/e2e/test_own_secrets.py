"""Processes as they really run: which secrets they know (X17), who may call the actions (X6), who reads files (X16)."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.installation import Installation, WebVisitor


def _environment(installation: Installation, name: str) -> dict[str, str]:
    """What the system says the process was started with."""
    raw = Path(f"/proc/{installation.process_id(name)}/environ").read_bytes().decode()
    return dict(entry.split("=", 1) for entry in raw.split("\0") if "=" in entry)


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("gateway", {"WARMLINE_PAYLOAD_KEY", "WARMLINE_BRAIN_SECRET", "WARMLINE_DATABASE_URL"}),
        ("brain", {"WARMLINE_BRAIN_SECRET", "WARMLINE_ACTIONS_SECRET"}),
        ("actions", {"WARMLINE_ACTIONS_SECRET"}),
    ],
)
def test_x17_a_running_process_knows_its_own_secrets_only(installation: Installation, name: str, own: set[str]) -> None:
    """Who reads one process's memory has one process's secrets."""
    settings = installation.settings
    secrets = {
        "WARMLINE_PAYLOAD_KEY": settings.payload_key,
        "WARMLINE_BRAIN_SECRET": settings.brain_secret,
        "WARMLINE_ACTIONS_SECRET": settings.actions_secret,
        "WARMLINE_DATABASE_URL": settings.database_url,
    }
    environment = _environment(installation, name)
    assert {secret for secret, value in secrets.items() if value in environment.values()} == own
    command = Path(f"/proc/{installation.process_id(name)}/cmdline").read_bytes().decode()
    assert [secret for secret, value in secrets.items() if value in command] == []


def _booking(name: str = "action_book_technician") -> dict[str, Any]:
    return {"next_action": name, "sender_id": "x", "tracker": {"sender_id": "x", "slots": {}, "events": []}}


@pytest.mark.parametrize(
    ("heads", "status"),
    [
        ({"Content-Type": "text/plain", "Origin": "https://evil.example"}, 403),
        ({"Content-Type": "text/plain"}, 401),
        ({"Content-Type": "application/json"}, 401),
        ({"Content-Type": "application/json", "Authorization": "Bearer guessed"}, 401),
        ({"Content-Type": "text/plain", "Authorization": "right"}, 415),
        ({"Content-Type": "application/json", "Authorization": "right", "Host": "evil.example"}, 403),
        ({"Content-Type": "application/json", "Authorization": "right", "Origin": "null"}, 403),
    ],
)
def test_x6_a_web_page_books_nothing(installation: Installation, heads: dict[str, str], status: int) -> None:
    """Each call is refused at its head, and the shop's database stays as it was."""
    if heads.get("Authorization") == "right":
        heads = heads | {"Authorization": f"Bearer {installation.settings.actions_secret}"}
    before = installation.rows("SELECT count(*) FROM appointments", shop=True)
    answer = httpx.post(installation.settings.actions_url, json=_booking(), headers=heads, trust_env=False)
    assert answer.status_code == status
    assert installation.settings.actions_secret not in answer.text
    assert installation.rows("SELECT count(*) FROM appointments", shop=True) == before


def test_x6_a_call_that_is_too_large_or_broken_is_refused_without_showing_anything(installation: Installation) -> None:
    """No part of the call and no stack trace comes back."""
    heads = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {installation.settings.actions_secret}",
    }
    for body, status in (
        (b" " * 5_000_000, 413),
        (b'{"next_action": "secret words', 400),
        (b'["secret words"]', 400),
        (b'{"next_action": "action_book_technician", "tracker": "secret words"}', 500),
    ):
        answer = httpx.post(installation.settings.actions_url, content=body, headers=heads, trust_env=False)
        assert answer.status_code == status
        assert "secret words" not in answer.text
        assert "Traceback" not in answer.text
    assert "secret words" not in installation.log("actions")


def test_x6_the_brain_is_let_in(installation: Installation) -> None:
    """A question whose answer an action gives is answered."""
    visitor = WebVisitor(installation)
    try:
        (answer, *_) = visitor.answer_to(visitor.say("What time do you open on Sunday?"))
        assert answer["citation"]
    finally:
        visitor.close()


def test_no_secret_stands_in_a_log(installation: Installation) -> None:
    """Whatever the tests before this one made the processes say."""
    settings = installation.settings
    secrets = (settings.payload_key, settings.brain_secret, settings.actions_secret, installation.password)
    for log in (settings.var / "logs").iterdir():
        said = log.read_text(encoding="utf-8", errors="replace")
        assert said, log
        assert [secret for secret in secrets if secret in said] == []


def test_x16_what_running_wrote_is_for_its_owner_alone(installation: Installation) -> None:
    """Conversations and orders; the tests' own log files are not the launcher's."""
    kept = [path for path in installation.settings.var.iterdir() if path.is_file()]
    assert {path.name for path in kept} >= {"warmline.db", "shop.db"}
    assert [path.name for path in kept if stat.S_IMODE(os.stat(path).st_mode) & 0o077] == []

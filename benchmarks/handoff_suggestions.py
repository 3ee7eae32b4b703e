"""How soon a suggestion stands at the desk after the customer's message: three real processes, one agent who reads."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import numpy as np

from benchmarks.report import Check
from tests.e2e.installation import Installation, WebVisitor

# What customers write to a person: facts, wishes that the bot could serve, and words that it can do little with.
MESSAGES = (
    "What time do you open on Sunday?",
    "How long does a refund take?",
    "Where is my order?",
    "My dishwasher leaks, can somebody have a look at it?",
    "Do you take the old fridge away?",
    "And what does that cost?",
    "I would like to send something back",
    "Thank you, that helps a lot",
    "Which cards can I pay with?",
    "Can I change the delivery day?",
)
ROUNDS = 5
# Agents answer after some seconds; the next message comes when the last one's suggestion has been read.
PAUSE = 0.3
# What has not come by then does not come: the gateway gives a shadow turn up sooner.
PATIENCE = 8.0
BOUND = 1.0


def _seconds(lines: Iterator[str], seq: int, start: float) -> float | None:
    """Read the desk's stream until the suggestion for this message has come."""
    try:
        for line in lines:
            if not line.startswith("data:"):
                continue
            suggestion = json.loads(line.removeprefix("data:")).get("suggestion")
            if suggestion and suggestion["for_seq"] == seq:
                return time.monotonic() - start
            if time.monotonic() - start > PATIENCE:
                return None
    except httpx.ReadTimeout:
        pass
    return None


def _agent(running: Installation, visitor: WebVisitor) -> httpx.Client:
    """Somebody at the desk who has the visitor's conversation."""
    browser = httpx.Client(base_url=f"{running.url}/api/desk/", trust_env=False, timeout=PATIENCE)
    who = {"username": "admin", "password": running.password}
    browser.headers["X-Warmline-CSRF"] = browser.post("session", json=who).raise_for_status().json()["csrf"]
    visitor.answer_to(visitor.say("I want to talk to a person please"))
    [ticket] = browser.get("tickets?list=waiting").raise_for_status().json()["tickets"]
    browser.post(f"tickets/{ticket['id']}/claim").raise_for_status()
    return browser


def measure(running: Installation) -> tuple[list[Check], dict[str, Any]]:
    """One conversation with a human, message by message."""
    took: list[float] = []
    none: list[str] = []
    with closing(WebVisitor(running)) as visitor, closing(_agent(running, visitor)) as browser:
        for number in range(ROUNDS * len(MESSAGES)):
            text = MESSAGES[number % len(MESSAGES)]
            with browser.stream("GET", "events") as stream:
                lines = stream.iter_lines()
                next(lines)  # connected: what happens from now on comes
                start = time.monotonic()
                seconds = _seconds(lines, visitor.say(text), start)
            if seconds is None:
                none.append(text)
            else:
                took.append(seconds)
            time.sleep(PAUSE)
    p50, p95 = (float(np.quantile(took, share)) if took else PATIENCE for share in (0.5, 0.95))
    figures = {
        "messages": ROUNDS * len(MESSAGES),
        "suggestion_seconds_p50": round(p50, 3),
        "suggestion_seconds_p95": round(p95, 3),
        "suggestion_seconds_longest": round(max(took, default=PATIENCE), 3),
        "without_a_suggestion": none,
    }
    checks = [
        Check("seconds from a customer's message to its suggestion, p95", p95, BOUND),
        Check("messages with a suggestion", len(took), ROUNDS * len(MESSAGES), "least"),
    ]
    return checks, figures

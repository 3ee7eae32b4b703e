"""The sentences that customers read while they change hands; plain, warm, and nothing that is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript
from bot.gateway.tables import Conversation, Entry

RETURN_TO_BOT = "/warmline_return_to_bot"
"""The payload of the button below; the gateway acts on it itself, the brain never sees it."""

BACK_TO_THE_ASSISTANT: Mapping[str, str] = {"title": "Back to the assistant", "payload": RETURN_TO_BOT}

WHILE_WAITING: tuple[Mapping[str, str], ...] = (BACK_TO_THE_ASSISTANT,)
"""What somebody who waits can choose."""

OUTCOMES = ("solved", "not_solved", "no_reply")


@dataclass(frozen=True)
class Notice:
    """One sentence and the buttons below it."""

    text: str
    choices: tuple[Mapping[str, str], ...] = ()


def queued(position: int, wait: Mapping[str, Any] | None = None, nobody: str = "") -> Notice:
    """A person will come; ``position`` counts from 1, ``nobody`` says why it takes until somebody is there."""
    place = "You are next in line for a person" if position == 1 else f"You are number {position} in line for a person"
    told = " ".join(text for text in (nobody, _minutes(wait)) if text)
    return Notice(
        f"{place}, who will have read everything above. {told and told + ' '}You can keep writing here meanwhile.",
        WHILE_WAITING,
    )


def _minutes(wait: Mapping[str, Any] | None) -> str:
    """The waiting time in words; the truth when it cannot be told."""
    if wait is None:
        return ""
    if wait["too_wide"]:
        return f"It is hard to say how long it takes just now: it may be over {wait['p90_minutes']} minutes."
    first, last = wait["p50_minutes"], wait["p90_minutes"]
    if first == last:
        return f"It will probably take no more than {last} minute{'s' if last > 1 else ''}."
    return f"It will probably take about {first} minute{'s' if first > 1 else ''}, and hardly more than {last}."


def claimed(agent_name: str) -> Notice:
    """A person is here."""
    return Notice(f"{agent_name} has joined and is reading what you wrote.")


def transferred(agent_name: str, colleague: str) -> Notice:
    """The person gave the conversation to a colleague, who is there."""
    return Notice(f"{agent_name} has passed you to {colleague}, who is reading what you wrote.")


def sent_on(agent_name: str) -> Notice:
    """The person gave the conversation back into the line, for a colleague."""
    return Notice(
        f"{agent_name} has asked a colleague to take over. You keep your place and need not repeat anything.",
        WHILE_WAITING,
    )


def promised(agent_name: str, text: str) -> Notice:
    """The time of a promise has come."""
    return Notice(f"A reminder of what {agent_name} promised: {text}")


def returned(agent_name: str) -> Notice:
    """The person gave the conversation back."""
    return Notice(f"{agent_name} has handed you back to the assistant. You can go on right here.")


def abandoned() -> Notice:
    """The customer left the line."""
    return Notice("You have left the line and are back with the assistant. What would you like to do?")


def resolved(agent_name: str, outcome: str) -> Notice:
    """The person has finished; ``outcome`` is one of :data:`OUTCOMES`."""
    if outcome == "solved":
        return Notice(f"{agent_name} has marked this as solved. If anything else comes up, just write here.")
    if outcome == "no_reply":
        return Notice(
            f"{agent_name} has not heard back from you and has closed this for now. Write here whenever you are ready."
        )
    return Notice(
        f"{agent_name} has closed this conversation. We are sorry that it could not be solved here today. "
        "If you need anything else, just write here."
    )


def say(session: Session, conversation: Conversation, notice: Notice, now: datetime) -> Entry:
    """Write a notice into the conversation, in the gateway's own name."""
    return transcript.append(
        session, conversation, author="system", now=now, text=notice.text, choices=[dict(one) for one in notice.choices]
    )

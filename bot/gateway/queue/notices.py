"""The sentences that customers read while they change hands; plain, warm, and nothing that is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript
from bot.gateway.tables import Conversation, Entry

RETURN_TO_BOT = "/warmline_return_to_bot"
"""The payload of the button below; the gateway acts on it itself, the brain never sees it."""

BACK_TO_THE_ASSISTANT: Mapping[str, str] = {"title": "Back to the assistant", "payload": RETURN_TO_BOT}

OUTCOMES = ("solved", "not_solved", "no_reply")


@dataclass(frozen=True)
class Notice:
    """One sentence and the buttons below it."""

    text: str
    choices: tuple[Mapping[str, str], ...] = ()


def queued(position: int) -> Notice:
    """A person will come; ``position`` counts from 1."""
    place = "You are next in line for a person" if position == 1 else f"You are number {position} in line for a person"
    return Notice(
        f"{place}, who will have read everything above. You can keep writing here meanwhile.",
        (BACK_TO_THE_ASSISTANT,),
    )


def claimed(agent_name: str) -> Notice:
    """A person is here."""
    return Notice(f"{agent_name} has joined and is reading what you wrote.")


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

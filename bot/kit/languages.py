"""Languages that the assistant does not speak, and in which it can say so."""

from __future__ import annotations

from bot.kit.company import content
from bot.kit.turn import Turn

IN_OUR_LANGUAGE = "utter_handing_over"
"""What is said to everybody else."""


def language_of(turn: Turn) -> str | None:
    """The language of what the customer typed last, ``None`` where it is the assistant's; buttons have none."""
    for said, _ in turn.earlier():
        if not str(said.get("text") or "").startswith("/"):
            heard = (said.get("parse_data") or {}).get("language") or {}
            return str(heard["code"]) if heard.get("code") else None
    return None


def handing_over(turn: Turn) -> str:
    """The response that tells a customer in their language that a human takes over."""
    language = language_of(turn)
    return f"utter_handing_over_{language}" if can_be_told(language) else IN_OUR_LANGUAGE


def can_be_told(language: str | None) -> bool:
    """Whether the domain has words to say in a language that the assistant does not speak it."""
    return f"utter_other_language_{language}" in content().responses

"""Names by which other projects call what the product has under a name of its own, and titles made from names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.contract import names
from bot.nlu.intents.written import default_title

SAME_INTENT: Mapping[str, str] = {
    **dict.fromkeys(("greeting", "greetings", "hello", "hi", "welcome"), names.GREET),
    **dict.fromkeys(("bye", "goodbyes", "farewell", "good_bye"), names.GOODBYE),
    **dict.fromkeys(("thank", "thankyou", "thank_you", "thanks_you", "gratitude"), names.THANKS),
    **dict.fromkeys(("yes", "agree", "confirm_yes", "affirmative"), names.AFFIRM),
    **dict.fromkeys(("no", "disagree", "negative", "reject"), names.DENY),
    **dict.fromkeys(
        (
            "human_handoff",
            "handoff",
            "talk_to_human",
            "speak_to_human",
            "ask_for_human",
            "ask_human",
            "contact_human",
            "talk_to_agent",
            "speak_to_agent",
            "live_agent",
            "request_human",
        ),
        names.ASK_FOR_PERSON,
    ),
    **dict.fromkeys(("are_you_a_bot", "ask_isbot", "is_bot", "are_you_human"), names.BOT_CHALLENGE),
}
"""Names that are common in public projects for what the product hears everywhere."""

# How a name begins that says no more than that somebody asks.
_ASKS = re.compile(r"^(?:ask(?: for| about)?|faq|query|request|intent|get) (?=\S)", re.IGNORECASE)


def title_of(intent: str) -> str:
    """What a customer reads when the assistant asks back: ``ask_about_parking`` is "Parking"."""
    words = _ASKS.sub("", default_title(intent))
    return words[:1].upper() + words[1:] if words else intent


def quoted(text: str) -> str:
    """A text as YAML in double quotation marks."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

"""Names and values from the machinery in an agent's words: no ISO dates, no ids that nobody said, nothing twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from bot.contract.names import VALIDATES, VALIDATES_SLOTS
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import ActionTried, Slot

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# ISO 8601, with or without a time; seconds say nothing to a reader. Never cut out of something longer.
_ISO = re.compile(
    r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?(?![\w-])"
)
# A date inside one word, with or without hyphens: part of an id ("LS-20261201-morning-1").
_DATE_IN_A_WORD = re.compile(r"(?:19|20)\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])")
# UUIDs, ULIDs, hashes: nobody reads out so many letters and digits.
_LONG_ID = 20

# Rasa's own names (https://rasa.com/docs/rasa/default-actions, custom actions for slots, form validation): to ask, to
# check or to say something is conversation, not an attempt to help.
_TALK = ("action_ask_", VALIDATES, "utter_")
_MECHANICS = frozenset(
    {
        "action_listen", "action_restart", "action_session_start", "action_default_fallback",
        "action_deactivate_loop", "action_two_stage_fallback", "action_default_ask_affirmation",
        "action_default_ask_rephrase", "action_back", "action_unlikely_intent", "action_extract_slots",
        VALIDATES_SLOTS,
    }
)  # fmt: skip
# An action that is named for a reason is how the assistant gave up.
_GIVING_UP = frozenset(f"action_{code.value}" for code in ReasonCode)


def title_of(name: str, given: str | None = None) -> str:
    """``book_technician_form`` as "Book technician"; ``given`` is what the company calls it."""
    if given:
        return given
    words = re.sub(r"[_-]+", " ", name.removeprefix("action_").removesuffix("_form")).strip()
    return (words or name).capitalize()


def value_of(slot: Slot) -> str:
    """A slot's value as somebody would say it; empty when there is nothing to say."""
    return slot.text if slot.text else _spoken(slot.value)


def only_a_machine_says(text: str) -> bool:
    """Whether a value is an id of some system: one word with a date in it, or very long with digits in it."""
    word = text.strip()
    if any(character.isspace() for character in word) or not any(character.isdigit() for character in word):
        return False
    if _ISO.fullmatch(word):
        return False
    bare = re.sub(r"[\W_]", "", word)
    inside = bool(_DATE_IN_A_WORD.search(word)) and any(character.isalpha() for character in word)
    return (inside or len(bare) >= _LONG_ID) and "@" not in word and "://" not in word


def worth_telling(tried: Iterable[ActionTried]) -> tuple[ActionTried, ...]:
    """What was attempted for the customer, each outcome once; talk, and giving up itself, only where it failed."""
    told = (one for one in tried if not (one.ok and _is_talk(one.name)))
    return tuple(dict.fromkeys(told))


def _is_talk(name: str) -> bool:
    return name.startswith(_TALK) or name in _MECHANICS or name in _GIVING_UP


def _spoken(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _ISO.sub(_dated, value)
    if isinstance(value, list):
        return ", ".join(text for text in map(_spoken, value) if text)
    if isinstance(value, dict):
        return ", ".join(f"{title_of(str(name)).lower()} {_spoken(part)}" for name, part in value.items())
    return json.dumps(value, ensure_ascii=False)


def _dated(found: re.Match[str]) -> str:
    year, month, day = (int(found[number]) for number in (1, 2, 3))
    try:
        date(year, month, day)
    except ValueError:
        return found[0]
    zone = "" if not found[5] else " UTC" if found[5] in ("Z", "+00:00", "+0000") else f" UTC{found[5]}"
    time = f", {found[4]}{zone}" if found[4] else ""
    return f"{day} {_MONTHS[month - 1]} {year}{time}"

"""Whether a message inside a form takes back an earlier answer, or agrees and asks in one breath.

Words only, no values: which values a message holds, and which of them it rules out, the entities say.
"""

from __future__ import annotations

import re

from bot.dialogue.replies import is_plain_yes_or_no
from bot.dialogue.statements import LONGEST_READ, has_shape_of_question
from bot.nlu.reading.cap import read_of

# Words after which a value takes the place of another, whatever else the message is.
_TAKES_BACK = re.compile(
    r"\b(?:i (?:really |actually )?meant?|meant to (?:say|write)|instead|rather|wrong|incorrect|mis-?typed|typo"
    r"|(?:make|change|switch|swap|move|correct|update) (?:it|that|this|the|my)|should (?:be|say|read|have been)"
    r"|scratch that|correction|my mistake|not (?:the|an?|my|our)"
    r"|(?:mixed|muddled|mix|muddle) (?:\w+ )?up)\b"
)
# Words with which a correction often begins, and much else.
_MAY_TAKE_BACK = re.compile(
    r"^(?:(?:oh|ah|um|er|and|but|yes|no|ok|okay)[\s,.!]+)*"
    r"(?:sorry|actually|oops|whoops|wait|hang on|hold on|no|nope|pardon|apologies|nearly|almost)\b"
)
_LOOKED_AT = 300
"""Characters; a correction is short, and a longer message is a story."""

_BEHIND_YES = re.compile(
    r"^(?P<yes>[^,.;:!?]{1,40}?)(?:[,.;:!]+|\s+(?=but\b|and\b))\s*(?:but\s+|and\s+)?(?P<rest>\S.*)$", re.DOTALL
)


def takes_back(text: str) -> bool:
    """Whether the words say that something said before was wrong: "I meant", "make it", "not the oven"."""
    return _TAKES_BACK.search(_plain(text)) is not None


def may_take_back(text: str) -> bool:
    """Whether it begins as corrections do ("sorry", "actually", "no"), which other messages do as well."""
    return takes_back(text) or _MAY_TAKE_BACK.match(_plain(text)) is not None


def question_behind_yes(text: str) -> str:
    """The question of "yes, but what does it cost?"; empty where nothing is agreed to, or nothing asked."""
    found = _BEHIND_YES.match(text.strip()[:LONGEST_READ])
    if found is None or not is_plain_yes_or_no(found["yes"]):
        return ""
    rest = found["rest"]
    return rest if has_shape_of_question(rest) else ""


def _plain(text: str) -> str:
    straight = read_of(text)[:_LOOKED_AT].lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(straight.split())

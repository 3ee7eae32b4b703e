"""Follow-up questions: "and for the oven?" is asked with the words of the question before it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.nlu.reading.cap import read_of

LAST_QUESTION = "last_question"
"""The slot that carries it from turn to turn."""

# A sentence with more words says by itself what it is about.
_MOST_WORDS = 8
# What is carried: a question, not a story.
_LONGEST = 200

_OPENERS = re.compile(
    r"^\W*(?:and(?: (?:what|how) about)?|what about|how about|what if|also|same for|(?:is|does) (?:that|this|it)\b"
    r"|or|but)\b",
    re.IGNORECASE,
)
_FOR = re.compile(r"^\W*(?:and |or |but )?(?:what about |how about |same )?(?:for|with|on|in|to|at) ", re.IGNORECASE)
_REFERS = re.compile(r"\b(?:it|that|this|they|them|those|there|then)\b", re.IGNORECASE)
_WORD = re.compile(r"[\w']+")


@dataclass(frozen=True)
class LastQuestion:
    """The question that was answered last."""

    text: str
    article: str

    def to_json(self) -> dict[str, str]:
        """Return it as the slot holds it."""
        return {"text": self.text[:_LONGEST], "article": self.article}

    @classmethod
    def of(cls, value: Any) -> LastQuestion | None:
        """Read the slot; anything else than what :meth:`to_json` wrote is not a question."""
        if not isinstance(value, Mapping) or not isinstance(value.get("text"), str):
            return None
        return cls(str(value["text"])[:_LONGEST], str(value.get("article") or ""))


def is_follow_up(text: str) -> bool:
    """Tell whether a message needs the one before it: it is short, and begins or points like a continuation."""
    text = read_of(text)
    words = _WORD.findall(text)
    if not words or len(words) > _MOST_WORDS:
        return False
    return bool(_OPENERS.search(text) or _FOR.search(text) or (len(words) <= _MOST_WORDS // 2 and _REFERS.search(text)))


def rewritten(text: str, last: LastQuestion) -> str:
    """Return what is searched for: the last question's words, and behind them what is new in this one."""
    text = read_of(text)
    new = _OPENERS.sub("", text).strip(" ?!.,") or text
    question = last.text.strip(" ?!.,")
    return f"{question}, {new}"

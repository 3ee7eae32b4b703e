"""Follow-up questions: "and for the oven?" is asked with the words of the question before it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.nlu.reading.cap import read_of

LAST_QUESTION = "last_question"
"""The slot that carries it from turn to turn."""

Place = tuple[int, int]

# What is carried: a question, not a story.
_LONGEST = 200
_MOST_SHOWN = 16

_OPENERS = re.compile(
    r"^\W*(?:and(?: (?:what|how) about)?|what about|how about|what if|also|same for|(?:is|does) (?:that|this|it)\b"
    r"|or|but)\b",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"^\W*(?:and |or |but )?(?:what about |how about |same )?(?:for|with|on|in|to|at|from) ", re.IGNORECASE
)


@dataclass(frozen=True)
class LastQuestion:
    """The question that was answered last."""

    text: str
    article: str
    version: str = ""
    """The article's, as it was quoted."""
    shown: tuple[Place, ...] = ()
    """What of the article the customer has seen since it began to answer."""
    done: tuple[Place, ...] = ()
    """What of it they have told as done, or as not so: it is not said again."""

    def to_json(self) -> dict[str, Any]:
        """Return it as the slot holds it."""
        seen: dict[str, Any] = {"version": self.version, "shown": _written(self.shown)}
        if self.done:
            seen["done"] = _written(self.done)
        return {"text": self.text[:_LONGEST], "article": self.article, **(seen if self.shown else {})}

    def after(self, before: LastQuestion | None) -> LastQuestion:
        """The question with what was shown of the same article just before."""
        if before is None or (before.article, before.version) != (self.article, self.version):
            return self
        shown, done = (dict.fromkeys((*before.shown, *self.shown)), dict.fromkeys((*before.done, *self.done)))
        return replace(self, shown=tuple(shown), done=tuple(done))

    @classmethod
    def of(cls, value: Any) -> LastQuestion | None:
        """Read the slot; anything else than what :meth:`to_json` wrote is not a question."""
        if not isinstance(value, Mapping) or not isinstance(value.get("text"), str):
            return None
        text, article = str(value["text"])[:_LONGEST], str(value.get("article") or "")
        return cls(
            text, article, str(value.get("version") or ""), _places(value.get("shown")), _places(value.get("done"))
        )


def _written(places: tuple[Place, ...]) -> list[list[int]]:
    return [list(place) for place in places[-_MOST_SHOWN:]]


def _places(written: object) -> tuple[Place, ...]:
    """The places of quotes; what is none of ours is left out."""
    pairs = [one for one in (written if isinstance(written, list) else ()) if isinstance(one, list) and len(one) == 2]
    return tuple((one[0], one[1]) for one in pairs if all(isinstance(place, int) for place in one))


def opens_like_one(text: str) -> bool:
    """Whether a message begins like a continuation: "and …", "what about …", "for …"."""
    return bool(_OPENERS.search(text) or _FOR.search(text))


def rewritten(text: str, last: LastQuestion) -> str:
    """Return what is searched for: the last question's words, and behind them what is new in this one."""
    text = read_of(text)
    new = _OPENERS.sub("", text).strip(" ?!.,") or text
    question = last.text.strip(" ?!.,")
    return f"{question}, {new}"

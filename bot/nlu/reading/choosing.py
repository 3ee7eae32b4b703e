"""Which of the offered choices a typed message means: "the second one", "no. 2", a title word for word, "none of them".

English. Only what cannot be anything else counts: everything longer is read as any other message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from bot.nlu.reading.cap import read_of

NONE: Literal["none"] = "none"

_ORDINALS = (
    ("first", "1st", "one", "top"),
    ("second", "2nd", "two", "middle"),
    ("third", "3rd", "three"),
    ("fourth", "4th", "four"),
    ("fifth", "5th", "five"),
    ("sixth", "6th", "six"),
)
_LAST = frozenset({"last", "bottom", "latter"})
# What may stand around the number without changing what it says.
_AROUND = frozenset(
    {
        "the",
        "a",
        "number",
        "no",
        "nr",
        "option",
        "choice",
        "answer",
        "button",
        "one",
        "please",
        "pls",
        "i",
        "mean",
        "meant",
    }
    | {"i'd", "take", "like", "want", "would", "it's", "its", "it", "is", "that", "that's", "thanks", "thank", "you"}
    | {"yes", "yeah", "go", "for", "with", "think", "ok", "okay", "let's", "say", "definitely"}
)
_FILLERS = frozenset({"the", "a", "an", "please", "pls", "my", "your", "some", "one", "i", "want", "to", "it's", "its"})
_NONE = re.compile(
    r"(?:no )?(?:none|neither|nothing|not any|no)"
    r"(?: (?:of (?:these|those|them|the above|it|that)|one|above|like that))?"
    r"|something (?:else|different)|(?:an)?other",
    re.IGNORECASE,
)
_YES = frozenset(
    {"yes", "yeah", "yep", "yup", "ya", "aye", "sure", "ok", "okay", "right", "correct", "exactly", "indeed"}
    | {"that's", "that", "is", "it", "was", "absolutely", "definitely"}
)
_NO = frozenset({"no", "nope", "nah", "not", "really", "that", "wrong", "that's", "it", "isn't"})
_MERE = frozenset({"that", "that's", "it", "is", "was", "really"})
"""Words that say neither by themselves."""
_POLITE = frozenset({"please", "pls", "thanks", "thank", "you", "sorry", "oh", "um", "well"})
_BARE_NO = frozenset({"no", "nothing"})
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_MOST_WORDS = 7


def chosen(text: str, titles: Sequence[str]) -> int | Literal["none"] | None:
    """The place of the meant title, :data:`NONE` when all are declined, None when the message is something else."""
    words = [word.lower().replace("\u2019", "'") for word in _WORD.findall(read_of(text))]
    if not titles or not words or len(words) > _MOST_WORDS:
        return None
    literal = _literal(words, titles)
    if literal is not None:
        return literal
    if [title.lower() for title in titles] == ["yes", "no"] and (answer := _yes_or_no(words)) is not None:
        return answer
    said = " ".join(words)
    if _NONE.fullmatch(said) and said not in _BARE_NO:
        return NONE
    return _by_number(words, len(titles))


def _yes_or_no(words: Sequence[str]) -> int | None:
    """The place of the yes or the no that a message consists of, where just these two are offered."""
    said = [word for word in words if word not in _POLITE]
    for place, known in enumerate((_YES, _NO)):
        if known.issuperset(said) and not _MERE.issuperset(said):
            return place
    return None


def _literal(words: Sequence[str], titles: Sequence[str]) -> int | None:
    typed = [word for word in words if word not in _FILLERS] or list(words)
    fitting = [place for place, title in enumerate(titles) if typed == _core(title)]
    return fitting[0] if len(fitting) == 1 else None


def _core(title: str) -> list[str]:
    words = [word.lower().replace("\u2019", "'") for word in _WORD.findall(title)]
    return [word for word in words if word not in _FILLERS] or words


def _by_number(words: Sequence[str], offered: int) -> int | None:
    named: list[int] = []
    for word in words:
        place = _place_of(word, offered)
        # "The second one": "one" stands for the choice, not for the first of them.
        if place is not None and not (word == "one" and named):
            named.append(place)
        elif place is None and word not in _AROUND:
            return None
    if len(named) != 1 or named[0] >= offered:
        return None
    return named[0]


def _place_of(word: str, offered: int) -> int | None:
    if word in _LAST:
        return offered - 1
    if word.isascii() and word.isdigit():
        return int(word) - 1 if 0 < int(word[:3]) <= offered and len(word) < 3 else None
    return next((place for place, names in enumerate(_ORDINALS) if word in names), None)

"""The one rule for values: nothing is cut out of a longer word.

`brien@example.com` is no value of `siobhan.o'brien@example.com`, and `1000017` none of `SN-1000017-X`, whatever a
pattern says. A word is an unbroken run of letters, digits and marks, and of single signs that join them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

JOINERS = frozenset("'.-_+@&%")
"""Signs that join the parts of a value; two in a row ("wait--LS6") part words instead."""
JOINERS_OF_MOMENTS = frozenset("'_+@&%")
"""Days and hours stand in ranges and lists: "monday-friday", "9.30-11am"."""

_OF_ADDRESSES = frozenset("!#$%&'*+/?^_`{|}~-.")
"""RFC 5322's `atext` and the full stop, but for `=`: in "email=jo@example.com" it parts name and value."""

LABELS = frozenset({"no", "nr", "num", "ref", "id", "tel", "mob"})
"""Short words that name a number and are written to it: "no.1000017"."""

_LONGEST_LABEL = 20
_LABEL = re.compile(r"([^\W\d_]+)[.#_-]$")
_POSSESSIVE = re.compile(r"'s(?![^\W_])", re.IGNORECASE)


def is_whole(
    text: str, start: int, end: int, joiners: Collection[str] = JOINERS, labels: Collection[str] = LABELS
) -> bool:
    """Whether ``text[start:end]`` is no proper part of a longer word; ``labels`` may be joined to its front."""
    if "@" in text[start:end] and text[max(0, start - 1) : start] in _OF_ADDRESSES:
        return False
    if _is_joined(text, start - 1, -1, joiners):
        label = _LABEL.search(text[max(0, start - _LONGEST_LABEL) : start])
        return label is not None and label[1].lower() in labels and not _ends_within(text, end, joiners)
    return not _ends_within(text, end, joiners)


def _ends_within(text: str, end: int, joiners: Collection[str]) -> bool:
    return _is_joined(text, end, 1, joiners) and not _POSSESSIVE.match(text, end)


def _is_joined(text: str, place: int, step: int, joiners: Collection[str]) -> bool:
    """Whether the word goes on at ``place``, or behind one joiner that stands there."""
    if not 0 <= place < len(text):
        return False
    if _is_in_word(text[place]):
        return True
    beyond = place + step
    return text[place] in joiners and 0 <= beyond < len(text) and _is_in_word(text[beyond])


def _is_in_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"

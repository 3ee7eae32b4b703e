"""What stands around a value: whether it is somebody's address, or a number that was meant and mistyped."""

from __future__ import annotations

import re
from typing import Any

import regex

from bot.nlu.entities.near_names import Word

ADDRESS = re.compile(
    r"\s+(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|crescent|way|court|house|place|terrace|gardens|grove|mews"
    r"|row|walk|rise|square|hill|green|park|cottage|arms|inn|pub|boulevard|blvd|parkway|highway|hwy|trail|parade)\b",
    re.IGNORECASE,
)
"""Behind a name these make an address: "Poplar Road" is where somebody lives, whatever is called Poplar."""


def words_of(document: Any) -> list[Word]:
    """The tokens of a spaCy document that have letters or digits."""
    return [Word(token.text, token.idx, token.idx + len(token.text)) for token in document if token.text[0].isalnum()]


def said_from_where(name: str, text: str) -> int:
    """Where a word of the entity's name has been said for the first time; behind the text where none is."""
    said = re.search("|".join(map(re.escape, name.split("_"))), text, re.IGNORECASE)
    return said.end() if said else len(text) + 1


def is_meant(match: regex.Match[str], said: int, text: str) -> bool:
    """Whether a number that fails its check was meant to be one, and is worth a complaint.

    It was if it has more than digits (``LF1234567``), if the text is little else, or if the text says what it is.
    """
    if not match.group().isdigit() or 2 * len(match.group()) >= len(text.strip()):
        return True
    return said <= int(match.start())

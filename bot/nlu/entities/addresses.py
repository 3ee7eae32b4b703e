"""E-mail addresses in what customers write: whole ones only, by the rules of the library that knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.nlu.entities.values import email
from bot.nlu.reading.cap import readable
from bot.nlu.reading.negation import Mentioned, stances

# Everything between blanks, brackets, quotes, and signs that part a list; no address that people have holds one.
_RUN = re.compile(r"[^\s<>()\[\],;:\"\\=]+")
_QUOTES = "'`*"
_AROUND = "'`*_.!?\u2026"
"""Quotes, emphasis and the sentence's end, which are typed around an address."""

MOST_ADDRESSES = 20
"""More are a list; each costs the library some ten microseconds."""


@dataclass(frozen=True)
class Address:
    """A valid address in its canonical form, and where it was typed."""

    value: str
    start: int
    end: int


def addresses_in(text: str) -> tuple[Address, ...]:
    """Return the valid addresses of a text from left to right, each the whole of an unbroken word.

    Never a proper part: of ``jo@@example.com`` there is none. Letters of all scripts may stand in one (SMTPUTF8).
    """
    read = readable(text)
    return tuple(
        Address(found.value, *read.typed_span(found.start, found.end)) for found in addresses_as_read(read.text)
    )


def address_meant(text: str) -> str | None:
    """Return the address that a text gives: the last one that is not ruled out ("not a@example.com but …")."""
    read = readable(text).text
    found = list(addresses_as_read(read))
    said = stances(read, [Mentioned("email", each.start, each.end) for each in found])
    wanted = [each.value for each, stance in zip(found, said, strict=True) if stance == "wanted"]
    return wanted[-1] if wanted else None


def addresses_as_read(text: str) -> Iterator[Address]:
    """Yield the same of a text as it is read (`bot/nlu/reading/cap.py`), with places of that."""
    runs = (match for match in _RUN.finditer(text) if match.group().count("@") == 1)
    for match in islice(runs, MOST_ADDRESSES):
        start = match.end() - len(match.group().lstrip(_QUOTES))
        bare = match.group().lstrip(_QUOTES).rstrip(_AROUND)
        if "." not in bare.partition("@")[2]:
            continue  # the library takes "jo@example", which no customer has
        value = email(bare)
        if value.valid:
            yield Address(value.text, start, start + len(bare))

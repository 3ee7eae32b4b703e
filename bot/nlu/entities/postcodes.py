"""Postcodes by country: how they are found in a sentence, and their one way to be written.

The shapes stand in ``postcodes.yml``. Of a country that is not there nothing is found, and nothing is refused: a
trainer's own pattern says what a code looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

_TABLE = Path(__file__).with_name("postcodes.yml")

CALLED = ("postcode", "post code", "postal code", "zip")
"""What people who write English call it, wherever they live."""
# Between the parts of a code as people type it, and between a code and the region before it.
_BETWEEN = r"[ ._-]{0,3}"
_BETWEEN_DIGITS = r"[ -]?"
"""Digits with more between them are two numbers."""
_BEHIND_REGION = r"\b,?\s{1,2}$"
_TOWN = re.compile(r"[ ]{1,2}[^\W\d_a-z][^\W\d_A-Z]{2,}")
"""A word of three letters or more with a capital: "10115 Berlin"."""
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{4,}")
"""A piece without a digit is rather a word: "a65 year"."""
_LONGEST_REGION = 6
"""Characters before a code in which its region stands."""


@dataclass(frozen=True)
class Postcode:
    """A code as it should be written, and where it stands; ``sure`` unless other words may have its shape here."""

    value: str
    start: int
    end: int
    sure: bool


@dataclass(frozen=True)
class Shape:
    """The shape of one country's codes (`postcodes.yml` says what each field means)."""

    parts: tuple[str, ...]
    joined_by: str = " "
    optional: bool = False
    prefix: str = ""
    called: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    before_town: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What people call such a code."""
        return (*CALLED, *self.called)

    @cached_property
    def _written(self) -> re.Pattern[str]:
        return re.compile(self._expression(""))

    @cached_property
    def _typed(self) -> re.Pattern[str]:
        only_digits = not any(re.search("[A-Z]", part) for part in self.parts)
        before = rf"(?:{self.prefix}[ -]{{1,2}})?" if self.prefix else ""
        code = self._expression(_BETWEEN_DIGITS if only_digits else _BETWEEN)
        return re.compile(rf"(?<!\d)(?<!\d[.,])\b{before}{code}\b(?![.,]?\d)", re.IGNORECASE)

    @cached_property
    def _regions_before(self) -> re.Pattern[str] | None:
        return re.compile(rf"\b(?:{'|'.join(self.regions)}){_BEHIND_REGION}") if self.regions else None

    def _expression(self, between: str) -> str:
        *first, last = [f"({part})" for part in self.parts]
        if self.optional:
            return f"{between.join(first)}(?:{between}{last})?"
        return between.join([*first, last])

    def canonical(self, typed: str) -> str | None:
        """``d02x285`` as ``D02 X285``; None for what is no code of this country."""
        joined = re.sub(r"[\W_]+", "", typed).upper()
        if not (found := self._written.fullmatch(joined)) and self.prefix and joined.startswith(self.prefix):
            found = self._written.fullmatch(joined.removeprefix(self.prefix))
        return self.joined_by.join(part for part in found.groups() if part) if found else None

    def find(self, text: str) -> Iterator[Postcode]:
        """Yield the codes of a text; a bare row of digits is only sure behind its region or before its town."""
        for match in self._typed.finditer(text):
            value = self.canonical(match.group())
            if value is not None:
                yield Postcode(value, match.start(), match.end(), self._is_sure(match, text))

    def _is_sure(self, match: re.Match[str], text: str) -> bool:
        typed = match.group()
        if any(sign.isalpha() for sign in typed):
            return typed.isupper() or not _WORD.search(typed)
        if "-" in typed and self.joined_by == "-":
            return True
        before = text[max(0, match.start() - _LONGEST_REGION) : match.start()]
        if self._regions_before is not None and self._regions_before.search(before):
            return True
        return self.before_town and _TOWN.match(text, match.end()) is not None


@cache
def shapes() -> Mapping[str, Shape]:
    """The shapes by country."""
    read: Mapping[str, Mapping[str, Any]] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return {
        country: Shape(
            parts=tuple(shape["parts"]),
            joined_by=shape.get("joined_by", " "),
            optional=shape.get("optional", False),
            prefix=shape.get("prefix", ""),
            called=tuple(shape.get("called", ())),
            regions=tuple(shape.get("regions", ())),
            before_town=shape.get("before_town", False),
        )
        for country, shape in read.items()
    }

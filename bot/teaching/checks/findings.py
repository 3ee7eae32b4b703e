"""What the checks found: mistakes, which stop a training or a start, and remarks, which are only said."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process, utils

from bot.errors import ContentError, Place, WarmlineError

NEAR_ENOUGH = 70.0
"""From which likeness (0 to 100, `rapidfuzz.fuzz.ratio`) a known name is worth suggesting: one wrong letter in a name
of four has 75."""

# What names of one kind share makes none of them like another.
_PREFIX = re.compile(r"^(utter_ask|utter|action_ask|action|validate)_")


class MistakesError(WarmlineError):
    """Everything that is wrong in a company's files, one after another."""

    def __init__(self, found: Collection[WarmlineError]) -> None:
        super().__init__("\n".join(map(str, found)))
        self.found = tuple(found)


@dataclass
class Findings:
    """What was found so far; the same place is not complained of twice for the same reason."""

    mistakes: list[WarmlineError] = field(default_factory=list)
    remarks: list[WarmlineError] = field(default_factory=list)

    def wrong(self, place: Place, what: str, remedy: str) -> None:
        """Note a mistake."""
        _note(self.mistakes, ContentError(place, what, remedy))

    def remark(self, place: Place, what: str, remedy: str) -> None:
        """Note something that is probably not meant, but that stops nothing."""
        _note(self.remarks, ContentError(place, what, remedy))

    def raise_if_wrong(self) -> None:
        """Raise :class:`MistakesError` when there is any."""
        if self.mistakes:
            raise MistakesError(in_order(self.mistakes))


def in_order(found: Iterable[WarmlineError]) -> list[WarmlineError]:
    """By file and line, as an editor walks through them."""
    return sorted(
        found,
        key=lambda error: (str(error.place.path), error.place.line) if isinstance(error, ContentError) else ("", 0),
    )


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like one that is not known, or None where none is like it."""
    found = process.extractOne(name, sorted(known), scorer=fuzz.ratio, processor=_own_part, score_cutoff=NEAR_ENOUGH)
    return None if found is None else str(found[0])


def _own_part(name: str) -> str:
    return utils.default_process(_PREFIX.sub("", name))


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """What to do about a name that is not known: take the nearest one, or what else can be done."""
    near = nearest(name, known)
    return otherwise if near is None else f"Did you mean {near}? {otherwise}"


def _note(notes: list[WarmlineError], error: ContentError) -> None:
    if all(str(error) != str(known) for known in notes):
        notes.append(error)

"""What a machine can decide about a conversation: the ``checks`` of a set, made on what was said and written.

A check of a turn is made on what was heard after that line. Where the line was left out, because nobody asked for it,
it is made on what the customer had in front of them then: an assistant that did without the answer must have got there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.shop.catalogue import PRODUCTS
from actions.shop.postcodes import canonical
from benchmarks.conversation_play import Play, Step
from benchmarks.conversation_script import CHOICE

END = "end"


@dataclass(frozen=True)
class Outcome:
    """One check: of a turn, or of the end, and whether it holds."""

    turn: int | str
    name: str
    wanted: Any
    got: str
    holds: bool
    step: int | None = None
    """The step on which it was made, from 0; none at the end."""


def outcomes(play: Play) -> list[Outcome]:
    """Make all checks that the set has for a conversation."""
    found: list[Outcome] = []
    for turn, checks in (play.conversation.get("checks") or {}).items():
        if turn == END:
            found += [_at_the_end(play, name, wanted) for name, wanted in checks.items()]
            continue
        index, was_said = _step_of(play, turn)
        for name, wanted in checks.items():
            if name == "silent" and not was_said:
                continue
            step = play.steps[index]
            got, holds = _of_a_turn(step, name, wanted)
            found.append(Outcome(turn, name, wanted, got, holds, index))
    return found


def said_in(step: Step) -> str:
    """What was said to the customer, with the titles of the buttons: a button offers as a sentence does."""
    return "\n".join(text for message in step.heard for text in (message.text, *message.choices))


def _step_of(play: Play, turn: int) -> tuple[int, bool]:
    """The step in which a line was said; for one that was not, the step that the customer had in front of them."""
    for index, step in enumerate(play.steps):
        if turn in step.said.numbers:
            return index, True
    return min(max(play.left_out.get(turn, len(play.steps)) - 1, 0), len(play.steps) - 1), False


def _of_a_turn(step: Step, name: str, wanted: Any) -> tuple[str, bool]:
    match name:
        case "article":
            cited = [message.article for message in step.heard if message.article]
            return ", ".join(cited) or "none", bool(set(cited) & set(wanted))
        case "owner":
            return step.owner, step.owner == wanted
        case "reason":
            return step.reason or "none", step.reason == wanted
        case "says":
            return "", re.search(wanted, said_in(step)) is not None
        case "says_not":
            found = re.search(wanted, said_in(step))
            return found[0] if found else "", found is None
        case "asks":
            asks = step.situation.asks | ({CHOICE} if step.situation.chooses else set())
            return ", ".join(sorted(asks)) or "nothing", wanted in asks
        case "silent":
            return "silent" if not step.heard else "not silent", (not step.heard) is bool(wanted)
    raise ValueError(f"no check is called {name!r}")


def _at_the_end(play: Play, name: str, wanted: Any) -> Outcome:
    written = play.written
    booked, returned = written.get("booked", []), written.get("returned", [])
    match name:
        case "booked":
            got, holds = str(booked), len(booked) == 1 and _is_visit(booked[0], wanted)
        case "returned":
            got, holds = str(returned), len(returned) == 1 and returned[0]["order"] == wanted["order"]
        case "nothing_written":
            got, holds = str(booked + returned), bool(booked or returned) is not bool(wanted)
        case "masked":
            found = is_kept(str(wanted), play.stored)
            got, holds = "kept in clear" if found else "masked", not found
        case "owner":
            got, holds = play.owner, play.owner == wanted
        case _:
            raise ValueError(f"no check of the end is called {name!r}")
    return Outcome(END, name, wanted, got, holds)


def _is_visit(booked: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    got = {**booked, "product": kind_of(str(booked["product"])), "postcode": canonical(str(booked["postcode"]))}
    return all(str(got[name]) == str(value) for name, value in wanted.items())


def kind_of(appliance: str) -> str:
    """The kind of an appliance that was booked by its kind, its model or its family."""
    named = appliance.casefold().strip()
    for product in PRODUCTS:
        model = product.model.casefold()
        if named in (product.kind, model, model.split()[0]):
            return product.kind
    return named


def is_kept(number: str, stored: str) -> bool:
    """Whether a number stands in a text, however its digits are spaced."""
    digits = re.sub(r"\D", "", number)
    return digits in re.sub(r"(?<=\d)[ .-](?=\d)", "", stored)

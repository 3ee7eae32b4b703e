"""X1. What reading a message costs: it grows with the message's length and no faster, counted in steps.

A step is a line run in Python, in our packages and in the libraries below them. What runs in C cannot be counted so;
it is bounded by what it is given (`test_cap.py`) and by the shape of the patterns that it runs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.nlu.reading.hostile import LONG, SHORT, UNITS, filled, units
from tests.unit.nlu.reading.readers import GIVEN_NUMBERS, READERS, public_readers

if sys.version_info >= (3, 11):
    import re._constants as signs
    import re._parser as parser
else:
    import sre_constants as signs
    import sre_parse as parser

MOST_GROWTH = 2.5
"""Times the steps for twice the characters."""
FIXED = 500
"""Steps that do not depend on the length: a text without a date costs ten, one with its first date some hundred."""


def steps(read: Callable[[str], object], text: str) -> int:
    """How many lines run while a reader reads the text."""
    count = 0

    def line(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        read(text)
    finally:
        sys.settrace(before)
    return count


def grows_too_fast(read: Callable[[str], object], unit: str, frame: str) -> str | None:
    """What is wrong with the reader's cost, None if nothing."""
    short, long = steps(read, filled(unit, SHORT, frame)), steps(read, filled(unit, LONG, frame))
    return f"{unit!r}: {short} steps, {long} for twice as much" if long > MOST_GROWTH * short + FIXED else None


@pytest.mark.parametrize("name", READERS)
def test_twice_the_characters_cost_at_most_two_and_a_half_times(name: str) -> None:
    """Whatever is repeated."""
    READERS[name]("where is it, 020 7946 0123? " * 9)  # what is loaded at the first use costs once
    assert [found for unit in UNITS if (found := grows_too_fast(READERS[name], unit, ""))] == []


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=15, deadline=None)
@given(unit=units, frame=st.sampled_from(["", "x", "[x", "a\n"]))
@example(unit="if the i want, and dove si trova il pacco ", frame="")  # half English: the longer one is looked at twice
def test_a_mix_costs_no_more_than_its_parts(name: str, unit: str, frame: str) -> None:
    """Joints, marks, emoji, digits and letters, in any order."""
    READERS[name]("where is it, 020 7946 0123? " * 9)
    assert grows_too_fast(READERS[name], unit, frame) is None


def test_every_public_reader_stands_in_the_table() -> None:
    """A new one is tried too, or says why it need not be."""
    found = set(public_readers())
    assert found - set(READERS) - set(GIVEN_NUMBERS) == set()
    assert set(GIVEN_NUMBERS) <= found


def test_steps_are_counted_such_that_a_square_is_noticed() -> None:
    """The measure itself: a loop within a loop does not pass."""

    def square(text: str) -> None:
        for _ in text[::50]:
            for _ in text:
                pass

    assert grows_too_fast(square, "a", "") is not None


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """All compiled patterns of the modules whose readers stand in the table."""
    modules = {
        name.rsplit(".", 2)[0] if name.split(".")[-2][0].isupper() else name.rsplit(".", 1)[0] for name in READERS
    }
    for module in sorted({*modules, "bot.nlu.entities.time_patterns"}):
        for name, value in vars(sys.modules[module]).items():
            for number, pattern in enumerate(_within(value)):
                yield f"{module}.{name}[{number}]", pattern


def _within(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _within(one)


_ENDLESS = frozenset({signs.MAX_REPEAT, signs.MIN_REPEAT})


def _ambiguous(parsed: Any) -> Iterator[str]:
    """Yield repetitions without an end that can be entered in two ways: the classical way to an exponential cost.

    An endless repetition within another is harmless where each round begins with, or ends in, a sign that the inner
    one cannot eat, such as ``(?:'[a-z]+)*``; also where it is the only one and each round has such a sign anywhere.
    """
    for operator, argument in _each(parsed):
        if operator in _ENDLESS and argument[1] == signs.MAXREPEAT:
            for way in _ways(argument[2]):
                inner = [part for part in way if part[0] in _ENDLESS and part[1][1] == signs.MAXREPEAT]
                apart = any(_eats_none_of(part, inner) for part in (way[0], way[-1]))
                alone = len(inner) == 1 and any(_has_another_sign(part, inner) for part in way if part not in inner)
                if inner and not apart and not alone:
                    yield str(way)


def _each(parsed: Any) -> Iterator[tuple[Any, Any]]:
    for operator, argument in parsed:
        yield operator, argument
        for child in _children(operator, argument):
            yield from _each(child)


def _children(operator: Any, argument: Any) -> Iterator[Any]:
    if operator in _ENDLESS:
        yield argument[2]
    elif operator is signs.SUBPATTERN:
        yield argument[3]
    elif operator is signs.BRANCH:
        yield from argument[1]
    elif operator in (signs.ASSERT, signs.ASSERT_NOT):
        yield argument[1]


def _ways(parsed: Any) -> Iterator[list[Any]]:
    """The ways through what is repeated, alternatives at its beginning apart."""
    parts = [part for part in parsed if part[0] not in (signs.AT, signs.ASSERT, signs.ASSERT_NOT)]
    if not parts:
        return
    operator, argument = parts[0]
    if operator is signs.SUBPATTERN:
        for way in _ways(argument[3]):
            yield [*way, *parts[1:]]
    elif operator is signs.BRANCH:
        for one in argument[1]:
            for way in _ways(one):
                yield [*way, *parts[1:]]
    else:
        yield parts


_ALPHABET = [chr(code) for code in range(32, 127)] + ["\n", "\t", "é", "\u2019", "…", "\u2013", "\u2014", "•"]


def _eats_none_of(part: Any, inner: list[Any]) -> bool:
    """Whether a part stands for one sign, which no inner repetition can eat."""
    if part[0] not in (signs.LITERAL, signs.IN) or part in inner:
        return False
    own = {sign for sign in _ALPHABET if _stands_for([part], sign)}
    eaten = {sign for sign in _ALPHABET for one in inner if _stands_for(one[1][2], sign)}
    return bool(own) and not own & eaten


def _has_another_sign(part: Any, inner: list[Any]) -> bool:
    """Whether a part always has a sign that no inner repetition can eat."""
    operator, argument = part
    if operator is signs.SUBPATTERN:
        return any(_has_another_sign(one, inner) for one in argument[3])
    if operator is signs.BRANCH:
        return all(any(_has_another_sign(one, inner) for one in way) for way in argument[1])
    if operator in _ENDLESS:
        return argument[0] > 0 and any(_has_another_sign(one, inner) for one in argument[2])
    return _eats_none_of(part, inner)


def _stands_for(parsed: Any, sign: str) -> bool:
    """Whether some part of it can be this sign."""
    for operator, argument in _each(parsed):
        if operator is signs.LITERAL and argument in (ord(sign), ord(sign.lower()), ord(sign.upper())):
            return True
        if operator is signs.NOT_LITERAL and argument != ord(sign):
            return True
        if operator is signs.ANY or (operator is signs.IN and _in(argument, sign)):
            return True
    return False


_CATEGORIES = {
    signs.CATEGORY_DIGIT: r"\d",
    signs.CATEGORY_NOT_DIGIT: r"\D",
    signs.CATEGORY_SPACE: r"\s",
    signs.CATEGORY_NOT_SPACE: r"\S",
    signs.CATEGORY_WORD: r"\w",
    signs.CATEGORY_NOT_WORD: r"\W",
}


def _in(members: Any, sign: str) -> bool:
    negated = members[0][0] is signs.NEGATE
    found = any(
        (operator is signs.LITERAL and argument == ord(sign))
        or (operator is signs.RANGE and argument[0] <= ord(sign) <= argument[1])
        or (operator is signs.CATEGORY and re.match(_CATEGORIES[argument], sign) is not None)
        for operator, argument in members
        if operator is not signs.NEGATE
    )
    return found != negated


def test_no_pattern_repeats_without_end_what_repeats_without_end() -> None:
    """A row of the right signs would then be taken apart in every possible way."""
    found = [f"{name}: {bad}" for name, pattern in _patterns() for bad in _ambiguous(parser.parse(pattern.pattern))]
    assert found == []


def test_there_are_patterns_to_look_at() -> None:
    """Those of clauses, dates, tone and words among them."""
    names = [name for name, _ in _patterns()]
    assert len(names) > 60
    assert any(name.startswith("bot.nlu.reading.clauses._JOINT") for name in names)


@pytest.mark.parametrize("bad", [r"(?:a+)+b", r"(?:\s*\w*)*x", r"(?:and |(?:oh ?)*)*", r"(?:(?:a|b)+c?)*d"])
def test_a_pattern_that_can_blow_up_is_noticed(bad: str) -> None:
    """The measure itself."""
    assert list(_ambiguous(parser.parse(bad)))


@pytest.mark.parametrize(
    "good", [r"[^\W_]+(?:'[^\W_]+)*", r"(?:\n[ \t]*)+", r"(?:[a-z-]+\.)+[a-z]{2,}", r"(?:a{1,3}b)+"]
)
def test_a_pattern_with_a_sign_between_the_rounds_is_let_through(good: str) -> None:
    """The measure itself."""
    assert not list(_ambiguous(parser.parse(good)))

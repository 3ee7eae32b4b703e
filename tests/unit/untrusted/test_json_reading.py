"""JSON from outside is read strictly and within bounds (X18)."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.untrusted.json_reading import DEEPEST, NotJsonError, read_json

_LARGEST = 1_000_000
_NUMBERS = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(_VALUES)
def test_what_json_can_say_is_read(value: object) -> None:
    """Every value comes back as it was."""
    assert read_json(json.dumps(value).encode(), largest=_LARGEST) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1),
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1e999",
        b"9" * 5000,
        b"\xff\xfe{\x00}\x00",
        '{"a": 1}'.encode("utf-16"),
        b'"\xed\xa0\x80"',
        b"1 2",
        b" " * (_LARGEST + 1),
    ],
)
def test_what_is_not_plain_json_is_refused_with_a_sentence(body: bytes) -> None:
    """Too deep, too long, no number, no UTF-8: one error, whose text repeats nothing."""
    with pytest.raises(NotJsonError) as refused:
        read_json(body, largest=_LARGEST)
    assert str(refused.value).endswith(".")
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_the_deepest_value_that_is_allowed_is_read() -> None:
    """The bound itself is inside."""
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST, largest=_LARGEST) is not None


@given(st.binary(max_size=200))
def test_whatever_bytes_come_the_answer_is_a_value_or_that_error(body: bytes) -> None:
    """No other exception reaches a caller."""
    with suppress(NotJsonError):
        json.dumps(read_json(body, largest=_LARGEST))

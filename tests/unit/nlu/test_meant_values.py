"""A value is whole, meant and wanted, or it fills nothing: what the entity finder takes of what people write."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.entities.reader import EntityFinder, Settings, Taught
from bot.nlu.entities.recogniser import Annotated, Mention
from bot.nlu.reading.normalise import normalise

ROOT = Path(__file__).parents[3]
SUNDAY = datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Europe/London"))


def _reference() -> EntityFinder:
    """The reference assistant's lists and patterns, and one of a trainer's own that says nothing about boundaries."""
    lookups, regexes, synonyms = {}, [("voucher", r"(?i:gift\d{3})")], {}
    for section in yaml.safe_load((ROOT / "data/nlu/entities.yml").read_text("utf-8"))["nlu"]:
        written = [line.removeprefix("- ") for line in section["examples"].splitlines()]
        if "lookup" in section:
            lookups[section["lookup"]] = written
        elif "regex" in section:
            regexes.extend((section["regex"], pattern) for pattern in written)
        else:
            synonyms.update(dict.fromkeys(written, section["synonym"]))
    forms, checks = {"order_number": "LF-0000000"}, {"order_number": "luhn"}
    return EntityFinder(Taught(lookups, regexes, synonyms), Settings("Europe/London", "GB", forms, checks))


FINDER = _reference()


def wanted(text: str, *asked: str) -> list[tuple[str, str]]:
    """What may fill a slot."""
    return [(entity.name, entity.value) for entity in FINDER.understand(text, SUNDAY, asked).wanted]


def ruled_out(text: str) -> list[tuple[str, str]]:
    """What is mentioned and not wanted."""
    return [(entity.name, entity.value) for entity in FINDER.understand(text, SUNDAY).ruled_out]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("siobhan.o\u2019brien@example.com", "siobhan.o'brien@example.com"),
        ("j\u00f6rg-m@example.com", "j\u00f6rg-m@example.com"),
        ("\u4e2dm@example.com", "\u4e2dm@example.com"),
    ],
)
def test_an_address_is_taken_whole(typed: str, address: str) -> None:
    """D2, kind 2: with a curly apostrophe, and with letters that a trainer's pattern does not know."""
    assert wanted(typed) == [("email", address)]


@pytest.mark.parametrize(
    "typed",
    [
        "jo@@example.com",
        "SN-1000017-X",
        "1000017B",
        "xLS6 2AB",
        "LS6 2AB-7",
        "mygift123",
        "gift1234",
        "oven-ready",
        "x3pm",
    ],
)
def test_nothing_is_cut_out_of_a_longer_word(typed: str) -> None:
    """D2, kind 2: of no entity, a trainer's own patterns and lists included."""
    assert wanted(f"it is {typed} here") == []


@pytest.mark.parametrize(
    "text",
    [
        "the display shows fault S1 2nd time this week",
        "error F1 2nd time it won't heat",
        "shows E15 3rd time",
        "it says E15 2 at the front",
        "the code is S1 2NB",
        "flashing E4 5hr now",
        "W1 4yr old machine",
    ],
)
@pytest.mark.parametrize("asked", ["", "postcode"])
def test_a_shape_that_ordinary_words_have_is_no_postcode(text: str, asked: str) -> None:
    """D4, kind 2: not even where a postcode was asked for, as long as the message is about something else."""
    assert "postcode" not in dict(wanted(text, asked))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("my postcode is S1 2nd", ""),
        ("post code: s1 2nd", ""),
        ("s1 2nd", "postcode"),
        ("it's s1 2nd, thanks", "postcode"),
        ("S1 2ND, and please ring the bell", ""),
    ],
)
def test_an_odd_postcode_counts_where_it_can_be_nothing_else(text: str, asked: str) -> None:
    """D4, kind 2: its name stands by it, it was asked for, or it is written as nothing else is."""
    assert wanted(text, asked) == [("postcode", "S1 2ND")]


@pytest.mark.parametrize(
    "text", ["call me on 1000017", "my mobile is 1000017", "ring us at 1000017", "phone number 1000017"]
)
def test_a_number_to_call_is_no_order(text: str) -> None:
    """D4, kind 2: although it passes the check digit, and although an order's number was asked for."""
    assert "order_number" not in dict(wanted(text, "order_number"))


@pytest.mark.parametrize(
    "typed",
    [
        "LS6  2AB",
        "LS6\xa02AB",
        "LS6\t2AB",
        "LS6\n2AB",
        "LS6-2AB",
        "ls6.2ab",
        "LS6 2 AB",
        "LS6\u20112AB",
        "LS6\u200b 2AB",
        "\uff2c\uff33\uff16\u3000\uff12\uff21\uff22",
        "L\xadS6 2AB",
        "LS\u0666 \u0662AB",
    ],
)
def test_a_pasted_postcode_is_read(typed: str) -> None:
    """D18, kind 2: whatever blanks, separators and digits stand in it."""
    assert wanted(f"it's {typed} thanks") == [("postcode", "LS6 2AB")]


@pytest.mark.parametrize(
    "typed",
    [
        "LF 1000 017",
        "lf-1000-017",
        "\uff2c\uff26\uff0d\uff11\uff10\uff10\uff10\uff10\uff11\uff17",
        "LF\u2013\u0661\u0660\u0660\u0660\u0660\u0661\u0667",
        "LF\xa01000017",
        "no.1000017",
    ],
)
def test_a_pasted_order_number_is_read(typed: str) -> None:
    """D18, kind 2: as they stand in letters and on phones."""
    assert wanted(f"it's {typed} thanks") == [("order_number", "LF-1000017")]


_INVISIBLE = st.sampled_from(["", "\u200b", "\u00ad", "\u2060", "\ufeff", "\u200d"])
_BLANK = st.sampled_from([" ", "  ", "\u00a0", "\t", "\u2009", "\u3000", "\n", "\r\n"])
_ZEROS = st.sampled_from([ord("0"), 0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10, 0x1D7CE])
_VALUES = st.sampled_from(
    [
        ("LS6 2AB", ("postcode", "LS6 2AB")),
        ("LF 1000017", ("order_number", "LF-1000017")),
        ("07700 900142", ("phone", "+447700900142")),
        ("washing machine", ("product", "washing machine")),
        ("24 December", ("date", "2026-12-24")),
    ]
)


@settings(max_examples=150, deadline=None)
@given(_VALUES, _BLANK, _ZEROS, _INVISIBLE, st.integers(1, 4))
def test_decoration_changes_no_value(
    value: tuple[str, tuple[str, str]], blank: str, zero: int, invisible: str, place: int
) -> None:
    """D18, kind 2: blanks, invisible signs and the digits of any script."""
    text, meant = value
    digits = {ord(str(digit)): chr(zero + digit) for digit in range(10)}
    typed = text[:place] + invisible + text[place:]
    assert wanted(f"it is {typed.translate(digits).replace(' ', blank)} ok") == [meant]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["LS6 2AB", "LF-1000017", "oven", "gift123", "m@example.com"]),
    st.text(st.characters(categories=["L", "Nd", "M"], max_codepoint=0x24F), min_size=1, max_size=3),
    st.sampled_from(["", "'", ".", "-", "_", "+"]),
    st.booleans(),
)
def test_a_glued_value_is_never_found_as_itself(value: str, glue: str, joiner: str, before: bool) -> None:
    """D2, kind 2: before or behind it, with a joiner or without."""
    if not normalise(glue).text.isalnum() or glue.lower() in ("no", "nr", "id", "ref", "num", "tel", "mob", "s"):
        return
    typed = f"{glue}{joiner}{value}" if before else f"{value}{joiner}{glue}"
    found = [entity.text for entity in FINDER.find(f"hi {typed} ok", SUNDAY)]
    assert value not in found


@pytest.mark.parametrize(
    ("text", "wants", "out"),
    [
        ("not on monday", [], ["2026-11-23"]),
        ("wednesday, not in the morning", ["2026-11-25"], ["morning"]),
        ("any day but monday", [], ["2026-11-23"]),
        ("i can\u2019t do monday", [], ["2026-11-23"]),
        ("monday doesn\u2019t work for me", [], ["2026-11-23"]),
        ("no, wednesday", ["2026-11-25"], []),
        ("not the oven, the hob", ["hob"], ["oven"]),
        ("not LS6 2AB but LS8 1NT", ["LS8 1NT"], ["LS6 2AB"]),
        ("monday, sorry, tuesday", ["2026-11-24"], ["2026-11-23"]),
        ("tuesday \u2014 no wait, wednesday", ["2026-11-25"], ["2026-11-24"]),
        ("no mornings", [], ["morning"]),
        ("monday. no, make that tuesday, I forgot I have a test on monday", ["2026-11-24"], ["2026-11-23"] * 2),
        ("not the oven, the hob. the oven is fine", ["hob"], ["oven", "oven"]),
        ("LF-1000017, sorry, LF-1000017", ["LF-1000017", "LF-1000017"], []),
        ("not monday morning, monday afternoon", ["2026-11-23", "afternoon"], ["2026-11-23", "morning"]),
        ("it\u2019s not under warranty", [], []),
        ("tuesday or wednesday", ["2026-11-24", "2026-11-25"], []),
        ("orders LF-1000017 and LF-1000025", ["LF-1000017", "LF-1000025"], []),
    ],
)
def test_what_is_ruled_out_stands_apart(text: str, wants: list[str], out: list[str]) -> None:
    """D6 and D10, kind 2: nothing is wanted that was excluded, and nothing mentioned is dropped."""
    assert [value for _, value in wanted(text)] == wants
    assert [value for _, value in ruled_out(text)] == out


def test_examples_are_read_as_messages_are() -> None:
    """Kind 2: a trainer's curly quote and ligature teach what customers' plain ones are recognised by."""
    example = Annotated("the \ufb01rst o\u2019clock \u2014 ok", (Mention("time", 4, 17),))
    read = example.as_read()
    (mention,) = read.mentions
    assert read.text[mention.start : mention.end] == "first o'clock "

"""Slips are read as what was meant; names, numbers and other languages as they were typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.nlu.reading.own_words import Words
from bot.nlu.reading.short_forms import read_short_forms
from bot.nlu.reading.spelling import Speller

EXAMPLES = [
    "what time do you open tomorrow",
    "I need an engineer for my oven",
    "my dishwasher is leaking all over the floor",
    "can I return a fridge I bought",
    "the washing machine is broken",
    "my washing machine does not spin",
    "the dishwasher does not drain",
    "does the dishwasher come with a hose",
    "what are the delivery charges",
    "where's my order",
] * 3
SPELLER = Speller(Words.of(EXAMPLES, ["Kestrel Duo"]), read_short_forms(Path("no such folder")))


def read(typed: str) -> str:
    """The message as it is read."""
    return SPELLER.correct(typed)[0].text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("what tiem do u open tomorow", "what time do you open tomorrow"),
        ("i need an enginer for my ovan", "i need an engineer for my oven"),
        ("dishwaser leeking all over the floor", "dishwasher leaking all over the floor"),
        ("can i retrun a fridg i boght", "can i return a fridge i bought"),
        ("the washingmachine is borken", "the washing machine is broken"),
        ("my dish washer wont drian", "my dishwasher wont drain"),
        ("is there a shedule", "is there a schedule"),
        ("Delivrey pls", "Delivery please"),
        ("MY DISHWASER IS LEEKING", "MY DISHWASHER IS LEAKING"),
        ("call me b4 2moro", "call me before tomorrow"),
        ("y is my ovan cold", "why is my oven cold"),
        ("whrsmy dishwashr", "where's my dishwasher"),
    ],
)
def test_slips_of_all_kinds_are_read_as_the_word_that_was_meant(typed: str, meant: str) -> None:
    """Letters swapped, dropped, doubled and spelt by ear; words run together and torn apart; short forms."""
    assert read(typed) == meant


def test_a_letter_that_is_all_of_a_message_is_an_answer() -> None:
    """ "y" is a yes; only beside other words it is short for one."""
    assert [read(typed) for typed in ("y", "n", "y?")] == ["y", "n", "y?"]
    assert read("y is it so late") == "why is it so late"


@pytest.mark.parametrize(
    "typed",
    [
        "my name is Jon Smyth",
        "my name is siobhan openn",
        "it's for Mr Delivrey",
        "send it to 4 Delivrey Road, LS6 2AB",
        "write to jo.retrun@example.org about LF-1000017",
        "it says E18 and F0enginer",
        "the KEstrl shows tiem/2",
        "see www.exampel.org/retrun",
        "I met Enginer yesterday",
        "r.bielby@example.org",
        "it came on the 2nd",
        "it is u.n-owen@example.org, or wen/tomo",
        "my name is r smith",
        "please ask for Wen",
        "Tomo speaking",
        "y",
        "n",
        "Y!",
        "y, monday",
        "n thanks",
        "a rare ewer and a pestle",
    ],
)
def test_names_numbers_codes_and_rare_words_stay_as_they_are(typed: str) -> None:
    """A customer called Smyth is no Smith."""
    assert read(typed) == typed


@pytest.mark.parametrize(
    "typed", ["wo ist meine Bestellung bitte", "bonjour ou est ma commande svp", "gdzie jest moje zamowienie"]
)
def test_other_languages_stay_as_they_are(typed: str) -> None:
    """They would be turned into English words that nobody said."""
    assert read(typed) == typed


def test_each_correction_says_what_was_typed_and_what_was_read() -> None:
    """The trace shows it."""
    _, corrections = SPELLER.correct("my ovan")
    assert [(each.typed, each.read) for each in corrections] == [("ovan", "oven")]


def test_a_company_adds_short_forms_and_takes_shipped_ones_away(tmp_path: Path) -> None:
    """Their file counts before the one that ships."""
    (tmp_path / "short_forms.yml").write_text("short_forms:\n  w/m: washing machine\n  pls:\n", encoding="utf-8")
    speller = Speller(Words.of(EXAMPLES), read_short_forms(tmp_path))
    assert speller.correct("w/m pls u")[0].text == "washing machine pls you"


@pytest.mark.parametrize(
    "written", ["short_forms: [a]", "short_forms:\n  a b: c", "short_forms:\n  a: [c]", "a: [", "- a"]
)
def test_a_mistake_in_the_table_is_named_with_its_line(tmp_path: Path, written: str) -> None:
    """A form of two words would never be found."""
    (tmp_path / "mine.yml").write_text(written, encoding="utf-8")
    with pytest.raises(ContentError, match=r"mine\.yml"):
        read_short_forms(tmp_path)


def test_slips_that_trainers_write_on_purpose_are_no_words() -> None:
    """An example with a typing error must not make the error right."""
    words = Words.of(["need a techncian", "a technician please"])
    assert "techncian" not in words.counts
    assert "technician" in words.counts
    assert Words.of_json(words.to_json()) == words


def test_three_letters_are_a_slip_where_two_of_a_common_word_are_swapped_or_one_is_not_doubled() -> None:
    """Although English has the word somewhere; a word that the company hardly writes is none."""
    speller = Speller(Words.of(["can i pay by card", "what if i miss a room"] * 30, []), {})
    assert speller.correct("can i pya by card")[0].text == "can i pay by card"
    assert speller.correct("what if i mis a room")[0].text == "what if i miss a room"
    assert read("can i pya by card") == "can i pya by card"

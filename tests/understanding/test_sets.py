"""The promises that the evaluation sets make about themselves (README.md beside this file)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import core

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

LANGUAGES = {"pl", "ro", "pa", "ur", "pt", "es", "ar", "bn", "gu", "it", "fr", "de", "uk", "zh", "en"}
# Outcome -> the further field that it needs, if any.
OUTCOMES = {
    "acknowledge": None,
    "understand": "intent",
    "ask_what": None,
    "ask_what_with_it": None,
    "fill": "value",
    "ask_again": None,
    "leave_form": None,
    "choose": "value",
    "none_of_these": None,
    "person": None,
}
SHAPES = {
    "order_number": r"LF-\d{7}",
    "product": r"dishwasher|washing machine|oven|fridge|tumble dryer|hob"
    r"|tern (45|60)|heron [79]|kestrel( duo)?|snipe 1[48]0|swift 8|plover 4",
    "postcode": r"[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}",
    "email": r"[^\sA-Z@]+@[^\sA-Z@]+\.[a-z]{2,}",
    "phone": r"\+44\d{10}",
    "date": r"\d{4}-\d{2}-\d{2}",
    "time": r"([01]\d|2[0-3]):[0-5]\d|morning|afternoon",
}


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))


WISHES = _read("wishes")
ENTITIES = _read("entities")
TONE = _read("tone")
LANGUAGE = _read("languages")
SHORT = _read("short")


def _domain() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))


def _known_intents() -> set[str]:
    brought = yaml.safe_load(core.domain_file().read_text(encoding="utf-8"))["intents"]
    return {name if isinstance(name, str) else next(iter(name)) for name in (*_domain()["intents"], *brought)}


def _folded(text: str) -> str:
    """A sentence as a comparison sees it: no capitals, no runs of space, no full stop at the end."""
    return " ".join(text.casefold().split()).rstrip(".!? ")


def _trained_on() -> set[str]:
    """Every example of an intent in data/nlu, without its entity annotations."""
    examples = set()
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for section in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu") or []:
            if "intent" not in section:
                continue
            for line in section["examples"].splitlines():
                plain = re.sub(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})", r"\1", line.strip().removeprefix("-"))
                examples.add(_folded(plain))
    return examples


def _sentences() -> Iterator[str]:
    """Every message of the four sets whose messages are sentences."""
    yield from (message["text"] for message in chain(WISHES, ENTITIES["messages"], LANGUAGE))
    yield from chain.from_iterable(conversation["messages"] for conversation in TONE)


def _luhn_holds(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: from the right, every second digit doubled, the sum a multiple of ten."""
    doubled = (sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


def test_the_sets_are_as_large_as_they_say() -> None:
    """The counts that README.md states."""
    assert Counter(len(message["parts"]) == 1 for message in WISHES) == {True: 110, False: 110}
    assert len(ENTITIES["messages"]) == 220
    assert sum(not message["entities"] for message in ENTITIES["messages"]) >= 50
    assert Counter(conversation["upset"] for conversation in TONE) == {True: 60, False: 110}
    assert Counter(message["language"] == "en" for message in LANGUAGE) == {False: 120, True: 60}
    assert len(SHORT) == 80


def test_the_parts_of_a_message_stand_in_it_word_for_word_and_in_order() -> None:
    """A scorer may look for each part behind the one before it."""
    for message in WISHES:
        place = 0
        for part in message["parts"]:
            place = message["text"].find(part["text"], place)
            assert place >= 0, (message["text"], part["text"])
            place += len(part["text"])
        assert 1 <= len(message["parts"]) <= 3


def test_one_wish_is_the_whole_message() -> None:
    """Nothing of a story is left outside its one part."""
    assert [m for m in WISHES if len(m["parts"]) == 1 and m["parts"][0]["text"] != m["text"]] == []


def test_every_intent_is_one_that_the_assistant_has() -> None:
    """A label that no classifier can give would measure nothing."""
    labels = {part["intent"] for message in WISHES for part in message["parts"]}
    labels |= {entry["intent"] for entry in SHORT if "intent" in entry}
    assert labels - _known_intents() == set()


def test_the_mentions_of_a_message_stand_in_it_word_for_word_and_in_order() -> None:
    """Start and end follow from the mention's text alone."""
    for message in ENTITIES["messages"]:
        place = 0
        for mention in message["entities"]:
            place = message["text"].find(mention["text"], place)
            assert place >= 0, (message["text"], mention["text"])
            place += len(mention["text"])


@pytest.mark.parametrize("entity", sorted(SHAPES))
def test_every_value_has_the_normal_form_of_its_entity(entity: str) -> None:
    """Values are compared as strings, so each has one spelling; none is rare."""
    values = [m["value"] for message in ENTITIES["messages"] for m in message["entities"] if m["entity"] == entity]
    assert [value for value in values if not re.fullmatch(SHAPES[entity], value)] == []
    assert len(values) >= 15


def test_there_is_no_entity_without_a_normal_form() -> None:
    """A misspelt entity name would count as a miss for ever."""
    assert {m["entity"] for message in ENTITIES["messages"] for m in message["entities"]} == set(SHAPES)


def test_order_numbers_hold_their_check_digit_unless_they_are_marked() -> None:
    """`valid: false` marks the wrong ones, and nothing else."""
    marks = {False: 0, True: 0}
    for mention in (m for message in ENTITIES["messages"] for m in message["entities"]):
        valid = mention.get("valid", True)
        if mention["entity"] == "order_number":
            assert _luhn_holds(mention["value"].removeprefix("LF-")) is valid, mention
            marks[valid] += 1
        else:
            assert valid, mention
    assert min(marks.values()) >= 5


def test_dates_are_real_and_now_is_a_wednesday() -> None:
    """The relative dates were worked out from that day."""
    assert datetime.fromisoformat(ENTITIES["now"]).strftime("%A") == "Wednesday"
    for message in ENTITIES["messages"]:
        for mention in message["entities"]:
            if mention["entity"] == "date":
                date.fromisoformat(mention["value"])


def test_conversations_are_short_and_length_alone_gives_nothing_away() -> None:
    """One to six messages; calm ones among the long, upset ones among the short."""
    lengths = {upset: Counter(len(c["messages"]) for c in TONE if c["upset"] is upset) for upset in (True, False)}
    assert set(lengths[True]) | set(lengths[False]) <= set(range(1, 7))
    assert sum(count for length, count in lengths[False].items() if length >= 3) >= 30
    assert lengths[True][1] >= 20


def test_every_language_is_there_and_english_is_none_of_the_foreign() -> None:
    """Seven messages or more in each of the fourteen."""
    counts = Counter(message["language"] for message in LANGUAGE)
    assert set(counts) == LANGUAGES
    assert min(counts.values()) >= 7
    for message in LANGUAGE:
        # Chinese is written without spaces.
        if message["language"] not in ("en", "zh"):
            assert 3 <= len(message["text"].split()) <= 15, message["text"]


def test_short_inputs_have_a_known_outcome_and_what_it_needs() -> None:
    """An outcome stands in README.md, and brings the value or the intent that it speaks of."""
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    assert {entry["outcome"] for entry in SHORT} == set(OUTCOMES)
    for entry in SHORT:
        assert f"| `{entry['outcome']}` |" in readme
        assert ("text" in entry) is not ("repeat" in entry)
        needed = OUTCOMES[entry["outcome"]]
        assert {"value", "intent"} & set(entry) == ({needed} if needed else set()), entry


def test_short_inputs_stand_in_a_context_that_exists() -> None:
    """Forms and slots are the domain's; what is chosen was offered; a form is left or filled only where one is open."""
    domain = _domain()
    for entry in SHORT:
        context = entry["context"]
        asked = context.get("form") if isinstance(context, dict) else None
        offered = context.get("choices", []) if isinstance(context, dict) else []
        assert context == "none" or asked or offered
        if asked:
            assert context["asked"] in domain["forms"][asked]["required_slots"]
        if entry["outcome"] == "choose":
            assert entry["value"] in offered
        if entry["outcome"] == "none_of_these":
            assert offered
        if entry["outcome"] in ("fill", "leave_form", "ask_again"):
            assert asked


def test_no_message_stands_twice() -> None:
    """Neither in one set nor in two: a message counts once."""
    # A conversation may say the same thing twice ("ok", "where is it"): that is what it is about.
    alone = Counter(_folded(message["text"]) for message in chain(WISHES, ENTITIES["messages"], LANGUAGE))
    openings = Counter(_folded(" / ".join(conversation["messages"])) for conversation in TONE)
    short = Counter(f"{e.get('text', e.get('repeat'))} {e['context']}" for e in SHORT)
    assert [text for text, count in chain((alone + openings).items(), short.items()) if count > 1] == []


def test_no_message_is_one_that_the_assistant_learns_from() -> None:
    """None stands in data/nlu, capitals, spaces and the last full stop aside.

    Short inputs are left out ("ok" is "ok" wherever it is written), and so are messages of one to three words.
    """
    trained_on = _trained_on()
    assert len(trained_on) > 500
    parts = (part["text"] for message in WISHES for part in message["parts"])
    ours = {_folded(text) for text in chain(_sentences(), parts) if len(text.split()) > 3}
    assert sorted(ours & trained_on) == []

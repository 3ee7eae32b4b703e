"""What is said about the conversation itself is told from what only sounds like it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot import core
from bot.errors import ContentError
from bot.nlu.reading.acts import ActReader
from bot.nlu.reading.talk_words import read_talk_words

ROOT = Path(__file__).resolve().parents[4]
SENTENCES = Path(__file__).with_name("talk_sentences.yml")

LEAST_RIGHT = {"open": 0.98, "kept": 0.85}
"""Of the sentences that were looked at, and of those that were not."""


@cache
def _reader() -> ActReader:
    return ActReader(read_talk_words(core.words_folder(ROOT, "talk")))


def _sentences(half: str) -> Iterator[tuple[str, str]]:
    for want, sentences in yaml.safe_load(SENTENCES.read_text("utf-8"))[half].items():
        for sentence in sentences:
            yield want, next(iter(sentence)) if isinstance(sentence, dict) else sentence


def _read(text: str) -> str:
    if _reader().person_about(text) is not None:
        return "person"
    spoken = _reader().read(text)
    return "none" if spoken is None else spoken.act


@pytest.mark.parametrize("half", ["open", "kept"])
def test_most_sentences_are_read_as_a_person_would(half: str) -> None:
    """Measured, with the misses in the message of the failure."""
    sentences = list(_sentences(half))
    missed = [f"{want}: {text} -> {_read(text)}" for want, text in sentences if _read(text) != want]
    assert 1 - len(missed) / len(sentences) >= LEAST_RIGHT[half], "\n".join(missed)


@pytest.mark.parametrize("half", ["open", "kept"])
def test_hardly_any_other_sentence_is_taken_for_talk(half: str) -> None:
    """A wish that is swallowed is worse than an act that is read as a message."""
    others = [text for want, text in _sentences(half) if want == "none"]
    # What disputes counts only behind something that was told; the sentences stand alone.
    taken = [text for text in others if _read(text) not in ("none", "disputed")]
    assert len(taken) <= len(others) * 0.06, taken


@pytest.mark.parametrize(
    ("text", "act", "rest"),
    [
        (
            "no that's not what I asked, I want to know what delivery costs",
            "not_asked",
            "I want to know what delivery costs",
        ),
        ("that isnt what I asked, I said how much", "not_asked", "how much"),
        ("sorry, the baby woke up, what did you say?", "repeat", ""),
        ("you sure? my neighbour paid less", "sure", ""),
        ("seriously? why not?", "why", ""),
        ("wait, what day did we say?", "agreed", ""),
        ("Wait. What does delivery cost?", "wait", "What does delivery cost?"),
        ("thanks but that didn't help, the light still blinks", "no_help", "the light still blinks"),
    ],
)
def test_what_is_said_beside_an_act_is_left_to_be_read(text: str, act: str, rest: str) -> None:
    """An excuse before a question of ours is none of it."""
    spoken = _reader().read(text)
    assert spoken is not None
    assert (spoken.act, spoken.rest) == (act, rest)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("let me speak to somebody about the swap", "the swap"),
        ("I'd like to go over my invoice with one of your advisers", "my invoice"),
        ("is Marta about? she was sorting my sister's delivery with me this morning", ""),
        ("Then whoever's free, it's about the same delivery", ""),
        ("Not being funny but I don't do robots. Trade account query, real person.", ""),
        ("live chat", ""),
        ("stop giving me robot answers", ""),
        ("I won't talk to a machine", ""),
        ("is the duty manager about", ""),
        ("can you not just pass it on?", ""),
        ("could you pass a message on to your team", ""),
        ("I need to tell the driver something", "something"),
        ("can you pass a message to the crew", "the crew"),
        ("could you let the driver know the gate is locked", "know the gate is locked"),
        ("I need to tell you something", None),
        ("I need a technician about the hob", None),
        ("are you a real person", None),
        ("is that a real person or a bot", None),
        ("is it about right for a family of four", None),
        ("I don't want a robot vacuum, I want a cordless one", None),
        ("anyone free can park there?", None),
        ("Do I speak to the store or to head office when a delivery's late", None),
        ("can you pass the plug through the back", None),
        ("tell me about your opening hours", None),
    ],
)
def test_a_person_is_asked_for_with_a_topic(text: str, topic: str | None) -> None:
    """Who is sent to a customer's home is no person to talk to, but may be told something."""
    assert _reader().person_about(text) == topic


@pytest.mark.parametrize(
    ("written", "line", "what"),
    [
        ("talk:\n  acts:\n    shout:\n      always: [hey]\n", 3, "no act"),
        ("talk:\n  acts:\n    wait:\n      later: [hey]\n", 4, "does not count"),
        ("talk:\n  acts:\n    wait:\n      always: ['(hey']\n", 4, "close a bracket"),
        ("talk:\n  acts:\n    wait:\n      always: ['<it> hey']\n", 4, "stands nowhere"),
        ("talk:\n  acts:\n    wait:\n      always: hey\n", 4, "list"),
        ("talk: [\n", 2, "not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, written: str, line: int, what: str) -> None:
    """A trainer's, at `make check` and in training."""
    (tmp_path / "acts.yml").write_text(written, "utf-8")
    with pytest.raises(ContentError, match=what) as caught:
        read_talk_words(tmp_path)
    assert caught.value.place.line == line


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    """Else a lost file would read as "nobody ever asks what was said"."""
    with pytest.raises(ContentError, match="not one act"):
        read_talk_words(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "Not being funny but I don't do robots. Trade account query, real person.",
        "Then whoever's free, it's about the same delivery",
        "no bots please, a proper human",
        "hmm can I ask a person something first",
        "Need a human please. I've been stuck in since seven for a fridge",
        "I won't talk to a chatbot",
    ],
)
def test_whoever_refuses_the_assistant_or_takes_anybody_wants_a_person(text: str) -> None:
    """However bluntly it is put."""
    assert _reader().person_about(text) is not None


@pytest.mark.parametrize("text", ["are you a real person?", "do you sell robots", "are there free parking spaces"])
def test_a_question_about_robots_or_places_wants_none(text: str) -> None:
    """Only whole clauses count."""
    assert _reader().person_about(text) is None

"""A customer who tells how far they are with the advice stays with its article, and is told what is left of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.contract import trace
from bot.dialogue.asker import Asker
from bot.dialogue.context import Context
from bot.dialogue.looking_up import Found
from bot.dialogue.talk import beside_talk
from bot.dialogue.trying import goes_on, told_in_reply
from bot.dialogue.weighed import Answers
from bot.knowledge.answering.answers import Answer, shown_text
from bot.knowledge.answering.follow_up import LastQuestion
from bot.knowledge.answering.remaining import Remaining
from bot.knowledge.index.index import KnowledgeIndex
from bot.nlu.encoder.protocol import Encoder, Vectors
from bot.nlu.reading.done_already import DoneAlready, Told
from tests.unit.dialogue.test_arbiter import FORM, INTENTS, decided
from tests.unit.dialogue.test_looking_up import PUBLIC, answering, found, shelf_of

DAMP = """A Lark that leaves linen damp has a full filter or a full tank.

## What to check

- Pull the lint filter out.
- Empty the tank at the top.
- Open the flap at the bottom.
"""
TOLD = DoneAlready((Told("done", "the tank"),), "")


@pytest.fixture
def index(tmp_path: Path, encoder: Encoder) -> KnowledgeIndex:
    """The checks for a dryer, and an article about tanks."""
    tanks = ("tanks", "Tanks", "public", "en", "The tank of a Lark holds four litres and is emptied after each load.")
    return shelf_of(tmp_path, encoder, (("damp", "Why is my linen damp?", "public", "en", DAMP), tanks))


def replied(index: KnowledgeIndex, encoder: Encoder, text: str, **more: Any) -> Found:
    """Look up a message behind the checks."""
    version = index.version("damp") or ""
    last = LastQuestion("my linen is damp", "damp", version, ((0, len(DAMP)),), more.pop("done", ()))
    told = more.pop("told", told_in_reply(text, None, ""))
    return found(index, encoder, text, asker=Asker(PUBLIC, context=Context((last,)), told=told), **more)


def test_what_is_left_of_the_last_article_is_found_for_who_tells_what_they_did(
    index: KnowledgeIndex, encoder: Encoder
) -> None:
    """It travels on the message beside what answers the message alone."""
    left = replied(index, encoder, "emptied the tank").remaining
    assert left is not None
    assert left.answer is not None
    assert shown_text(index, left.answer) == "- Pull the lint filter out.\n- Open the flap at the bottom."
    json = replied(index, encoder, "emptied the tank").to_json()["remaining"]
    assert json["article"] == "damp"
    assert (json["steps"], json["told"], len(json["done"]), len(json["answer"]["quotes"])) == (True, True, 1, 2)


def test_what_was_done_stays_out_of_later_answers_of_the_article(index: KnowledgeIndex, encoder: Encoder) -> None:
    """Whether or not the message tells anything of the kind."""
    tank = DAMP.index("- Empty"), DAMP.index("- Open") - 1
    best = replied(index, encoder, "my linen is still damp, pull the lint filter", told=None, done=(tank,)).best
    assert isinstance(best, Answer)
    assert best.article == "damp"
    assert "Empty the tank" not in shown_text(index, best)
    assert "Open the flap" in shown_text(index, best)


def test_nothing_is_left_for_who_tells_nothing_or_was_shown_nothing(index: KnowledgeIndex, encoder: Encoder) -> None:
    assert replied(index, encoder, "emptied the tank", told=None).remaining is None
    assert "remaining" not in replied(index, encoder, "emptied the tank", told=None).to_json()
    asker = Asker(PUBLIC, told=TOLD)
    assert found(index, encoder, "emptied the tank", asker=asker).remaining is None


def test_one_more_encoding_at_most(index: KnowledgeIndex, encoder: Encoder) -> None:
    """None where the message was completed already."""
    for text in ("emptied the tank", "and did the tank?", "and emptied it"):
        asked: list[str] = []

        class Counting:
            dimensions = encoder.dimensions

            def encode(self, texts: list[str], asked: list[str] = asked) -> Vectors:
                asked.extend(texts)
                return encoder.encode(texts)

        replied(index, Counting(), text, learned=answering(encoder), told=TOLD)  # type: ignore[arg-type]
        assert len(asked) <= 2


@pytest.mark.parametrize(
    ("text", "act", "rest", "tells"),
    [
        ("did the fluff", None, "", 1),
        ("that's no use, they go clear", "no_help", "they go clear", 0),
        ("still not it, salts full", "no_help", "salts full", 1),
        ("that's no use, what is a filter?", "no_help", "what is a filter?", None),
        ("that's no use", "no_help", "", None),
        ("it leaks", None, "", None),
        ("what? did the fluff", "repeat", "", None),
    ],
)
def test_a_reply_tells_what_was_done_or_more_of_what_did_not_help(
    text: str, act: Any, rest: str, tells: int | None
) -> None:
    told = told_in_reply(text, act, rest)
    assert (None if told is None else len(told.told)) == tells


def test_it_goes_on_with_the_article_unless_something_else_is_asked_or_meant() -> None:
    """What names a step belongs to it, whatever article has its words; a question that points at one, too."""
    left = Remaining("damp", "v1", None, (), matched=True, steps=True)
    pointing = Remaining("damp", "v1", None, (), matched=True, steps=True, points_at="Open the flap.")
    unmatched = Remaining("damp", "v1", None, (), matched=False, steps=False)
    asks = DoneAlready(TOLD.told, "how much is a technician?")
    assert goes_on(left, TOLD, "tanks")
    assert not goes_on(left, asks, "damp")
    assert goes_on(pointing, asks, "damp")
    assert goes_on(unmatched, TOLD, "damp")
    assert not goes_on(unmatched, TOLD, "tanks")


def test_what_is_left_answers_unless_a_form_is_open_or_something_is_wished() -> None:
    """A no to what was offered with the article is none, and a yes that tells of the door is none."""
    tells = Answers(remains=True)
    for reading in ("inform", "store_hours", "thanks"):
        decision = decided((reading, 0.9), answers=tells)
        assert (decision.kind, decision.intent, decision.remains) == (trace.ANSWER, "knowledge_question", True)
    assert decided(("book_technician", 0.9), answers=tells).intent == "book_technician"
    assert not decided(("inform", 0.9), answers=tells, form=FORM).remains
    yes = {**INTENTS, "affirm": INTENTS["inform"]}
    said = {"text": "yes the door is shut", "offered": "book_technician", "intents": yes}
    assert decided(("affirm", 0.9), answers=tells, **said).remains
    assert decided(("affirm", 0.9), answers=Answers(), **said).intent == "book_technician"


def test_what_is_left_is_known_from_the_whole_message() -> None:
    """ "Tried that, and cleaned the filter": the rest alone does not say that all was tried."""
    whole = {"talk": {"act": "no_help", "rest": "cleaned it", "shown": "a"}, "knowledge": {"remaining": "of the whole"}}
    alone = {"decision": {"kind": trace.UNCLEAR}, "knowledge": {"remaining": "of the rest", "passages": [1]}}

    async def understand(text: str) -> dict[str, Any]:
        return alone

    _, taken = asyncio.run(beside_talk("tried that, and cleaned it", whole, understand))
    assert taken["knowledge"] == {"answer": None, "remaining": "of the whole", "passages": [1]}

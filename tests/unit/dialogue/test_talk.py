"""When an act counts, and what becomes of the rest of its message."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.contract import names, trace
from bot.dialogue.arbiter import decide
from bot.dialogue.talk import NOTHING_SAID, Stands, TalkHeard, beside_talk, counts, heard
from bot.dialogue.weighed import Answers, IntentFacts, Overrides, Sharing
from bot.nlu.intents.classifier import Reading
from bot.nlu.reading.acts import Spoken, When
from bot.nlu.scope.verdict import ScopeVerdict

OFFERED = Stands(said=True, answered=True, offers=True)
SAID, ANSWERED = Stands(said=True), Stands(said=True, answered=True)


@pytest.mark.parametrize(
    ("when", "stands", "form", "counted"),
    [
        ("always", NOTHING_SAID, False, True),
        ("asked", SAID, False, False),
        ("asked", SAID, True, True),
        ("answered", NOTHING_SAID, False, False),
        ("answered", SAID, False, True),
        ("answered", SAID, True, False),
        ("answered", ANSWERED, True, True),
        ("offered", ANSWERED, False, False),
        ("offered", OFFERED, False, True),
        ("offered", OFFERED, True, False),
    ],
)
def test_an_act_counts_where_there_is_something_for_it(when: When, stands: Stands, form: bool, counted: bool) -> None:
    """ "It still leaks" in a booking is the fault; behind an answer it says that the answer did not help."""
    assert counts(Spoken("no_help", when), stands, form) is counted


def test_a_moment_with_a_wish_leads_up_to_the_wish() -> None:
    """ "Hang on, LF-1000017" is an answer."""
    assert heard(Spoken("wait", "always", "LF-1000017"), None, SAID, True) is None
    assert heard(Spoken("wait", "always"), None, SAID, True) == {"act": "wait"}
    assert heard(None, "the swap", SAID, False) == {"person": "the swap"}


def _decided(talk: TalkHeard, upset: float | None = None) -> tuple[str, str]:
    intents = {names.ASK_FOR_PERSON: IntentFacts("A person", True), "hours": IntentFacts("Hours", False)}
    decision = decide(
        "…",
        (Reading("hours", 0.9),),
        ScopeVerdict(True, 0.9, ""),
        [],
        Answers(alone=True, score=0.99),
        intents,
        Sharing(0.1),
        overrides=Overrides("pl", upset, talk=talk),
    )
    return decision.kind, decision.intent


def test_talk_and_a_person_come_before_articles_languages_and_a_plain_repair_before_anger() -> None:
    """Nobody is handed over as upset for "that's not what I asked"; who says more than that may be."""
    spoken = (trace.TALK, names.TALK_ABOUT_CONVERSATION)
    assert _decided(TalkHeard("not_asked")) == spoken
    assert _decided(TalkHeard("not_asked"), upset=0.9) == spoken
    assert _decided(TalkHeard("not_asked", is_plain=False), upset=0.9)[0] == trace.UPSET
    assert _decided(TalkHeard(person="the swap")) == (trace.ACT, names.ASK_FOR_PERSON)
    assert TalkHeard.of(None) == TalkHeard.of("talk") == TalkHeard()


def _beside(alone: dict[str, Any], act: str = "not_asked") -> tuple[str, dict[str, Any]]:
    async def understand(text: str) -> dict[str, Any]:
        return alone

    whole = {"talk": {"act": act, "rest": "what is it?", "shown": "a"}, "decision": {"kind": trace.TALK}, "wishes": []}
    return asyncio.run(beside_talk("no, what is it?", whole, understand))


def _answer(article: str) -> dict[str, Any]:
    return {"decision": {"kind": trace.ANSWER}, "knowledge": {"answer": {"article": article}, "passages": [1]}}


def test_a_wish_beside_an_act_is_taken_and_says_so() -> None:
    """The trace has both."""
    text, taken = _beside(_answer("b"))
    assert text == "what is it?"
    assert taken["steps"] == [{"name": "talk", "did": "not_asked, and then: what is it?"}]
    acts = {"decision": {"kind": trace.ACT}, "intent": {"name": "track_order"}}
    assert _beside(acts)[0] == "what is it?"


@pytest.mark.parametrize(
    "alone",
    [
        _answer("a"),
        {"decision": {"kind": trace.UNCLEAR}},
        {"decision": {"kind": trace.ACT}, "intent": {"name": names.THANKS}},
    ],
)
def test_what_is_no_wish_or_was_answered_already_leaves_the_act(alone: dict[str, Any]) -> None:
    """What was found for it goes with it, without the answer that did not help."""
    text, taken = _beside(alone)
    assert text == "no, what is it?"
    assert taken["decision"]["kind"] == trace.TALK
    assert "wishes" not in taken
    assert (taken.get("knowledge") or {}).get("answer") is None


@pytest.mark.parametrize(("rest", "taken"), [("the salt's full", False), ("how much is the salt?", True)])
def test_what_is_told_beside_no_help_asks_nothing(rest: str, taken: bool) -> None:
    """An article about salt is no answer to "still not it, the salt's full"; one to a question is."""
    whole = {"talk": {"act": "no_help", "rest": rest, "shown": "cloudy-glasses"}}
    alone = {"decision": {"kind": trace.ANSWER}, "knowledge": {"answer": {"article": "salt"}, "passages": []}}

    async def understand(text: str) -> dict[str, Any]:
        return alone

    text, _ = asyncio.run(beside_talk(f"still not it, {rest}", whole, understand))
    assert (text == rest) is taken


def test_a_dispute_counts_behind_what_was_told_and_why_not_behind_a_refusal() -> None:
    """ "I never cancelled it" is about the order whose state was just told."""
    disputed, why = Spoken("disputed", "told"), Spoken("why", "refused")
    assert counts(disputed, Stands(said=True, told=True), form_is_open=False)
    assert not counts(disputed, Stands(said=True, answered=True), form_is_open=False)
    assert counts(why, Stands(said=True, refused=True), form_is_open=True)
    assert not counts(why, Stands(said=True), form_is_open=True)

"""Little to go on: each has a sensible outcome, and none ends in silence."""

from __future__ import annotations

import pytest

from tests.processes import Brain


@pytest.mark.parametrize("text", ["ok", "okay then", "👍", "🙂", "hm ok"])
def test_a_sign_of_life_is_not_a_misunderstanding(brain: Brain, text: str) -> None:
    """One friendly sentence; nothing is looked up."""
    talk = brain.talk().say(text)
    assert "sorry" not in talk.said
    assert talk.citations == []
    assert talk.handoff is None


@pytest.mark.parametrize("text", ["??", "...", "🤖🧊🪑", "asdfgh", "x"])
def test_junk_is_asked_about(brain: Brain, text: str) -> None:
    """Nothing is guessed."""
    talk = brain.talk().say(text)
    assert talk.said
    assert talk.citations == []
    assert talk.open_form is None
    assert talk.handoff is None


def test_an_invoice_number_alone_is_kept_and_asked_about(brain: Brain) -> None:
    """Or taken for an order to look up."""
    talk = brain.talk().say("LF-1000017")
    assert talk.slot("order_number") == "LF-1000017"
    assert talk.open_form == "track_order_form" or talk.choices


def test_a_pasted_email_of_5000_characters_is_answered_once(brain: Brain) -> None:
    """It is no list of wishes."""
    mail = ("Dear team, following up on my last message, I still have not had a reply from anybody. " * 60)[:5000]
    talk = brain.talk().say(mail)
    assert len(talk.texts) == 1
    assert "parts" not in talk.last["trace"]

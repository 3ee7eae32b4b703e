"""Not understanding, handing over and coming back; answers; and what is text although it looks like a command."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bot.handoff.request import HandoffRequest
from tests.processes import Brain, turn

NONSENSE = ("???", "?!?!")


def test_asking_for_a_person_hands_over(brain: Brain) -> None:
    """A valid request with the customer's own words."""
    talk = brain.talk().say("can I talk to a real person please")
    assert talk.handoff is not None
    request = HandoffRequest.from_json(talk.handoff)
    assert request.code == "customer_request"
    assert request.evidence == "can I talk to a real person please"
    assert "one of our team" in talk.said


def test_the_second_time_running_that_nothing_is_understood_a_human_takes_over(brain: Brain) -> None:
    """The first time a person is offered."""
    talk = brain.talk().say(NONSENSE[0])
    assert talk.handoff is None
    assert "sorry" in talk.said
    assert "Talk to a person" in talk.titles
    talk.say(NONSENSE[1])
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] in {"not_understood", "out_of_scope"}
    assert talk.handoff["last_question"] == NONSENSE[1]


def test_what_has_nothing_to_do_with_us_puts_nobody_into_the_line_unasked(brain: Brain) -> None:
    """W9, kind 7: a person is offered each time, in other words; who takes the offer is handed over with the reason."""
    talk = brain.talk().say("who won the football world cup in 1966?")
    assert "can't help with" in talk.said
    first = talk.said
    talk.say("write me a poem about the sea")
    assert talk.handoff is None
    assert talk.said != first
    assert "Talk to a person" in talk.titles
    talk.press("Talk to a person")
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "out_of_scope"


def test_after_the_return_the_bot_goes_on(brain: Brain) -> None:
    """It greets, answers an ordinary question, and does not hand over at once by itself."""
    talk = brain.talk().say(NONSENSE[0]).say(NONSENSE[1])
    assert talk.handoff is not None
    talk.returned_by_human("Sam", note="difficult customer")
    assert "If you need Sam or a colleague again" in talk.said
    assert "difficult" not in talk.said
    assert talk.say("how long does a refund take?").citations == ["refund-times"]
    talk.say(NONSENSE[0])
    assert talk.handoff is None
    talk.returned_by_human()
    assert talk.say(NONSENSE[1]).handoff is None


def test_a_person_is_one_sentence_away_from_the_first_message_and_again_after_the_return(brain: Brain) -> None:
    """No quiz, and the second loop: returned, then "a person again please"."""
    talk = brain.talk().say("I want to speak to a human")
    assert talk.handoff is not None
    assert (talk.handoff["reason"]["code"], talk.choices) == ("customer_request", [])
    talk.returned_by_human("Sam")
    assert talk.handoff is None
    talk.say("can I talk to a person again please")
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "customer_request"


def test_what_a_human_promised_and_corrected_goes_on_with_the_assistant(brain: Brain) -> None:
    """The promise is repeated, the corrected number is not asked for again, an ordinary question is answered."""
    talk = brain.talk().say("can I talk to a real person please")
    data = {
        "agent": "Sam",
        "note": "",
        "outcome": "returned",
        "commitments": [{"text": "We send the missing part this week.", "due_at": None}],
        "changed_slots": {"order_number": "LF-1000017"},
    }
    talk._take({"type": "event", "name": "returned_by_human", "data": data})
    assert "We send the missing part this week." in talk.said
    assert talk.slot("order_number") == "LF-1000017"
    assert talk.say("how long does a refund take?").citations == ["refund-times"]
    assert "postcode" in talk.say("track my order").said


def test_an_answer_names_its_article(brain: Brain) -> None:
    """Title and link, and the article's own words."""
    talk = brain.talk().say("how long does a refund take?")
    citation = talk.last["replies"][0]["citation"]
    assert citation["article"] == "refund-times"
    assert citation["title"]
    assert citation["url"].startswith("/articles/")
    from bot.knowledge.sources.articles import load_articles
    from tests.e2e.installation import ROOT

    article = next(a for a in load_articles(ROOT / "knowledge_index" / "articles") if a.id == "refund-times")
    assert all(quote in article.body for quote in talk.texts[0].split("\n\n"))


@pytest.mark.parametrize(
    "question",
    [
        "what goodwill payment may an agent give?",
        "how much may an agent refund without asking a manager?",
        "what are the internal fraud checks for a refund?",
        "when is a safety incident escalated to the head office?",
    ],
)
def test_internal_articles_are_never_shown(brain: Brain, question: str) -> None:
    """Neither as an answer nor as a button nor to the desk's trace as shown."""
    talk = brain.talk().say(question)
    assert not [article for article in talk.citations if article.startswith("internal-")]
    assert "internal-" not in str(talk.choices)
    assert "internal-" not in str(talk.last["trace"]["knowledge"])
    asked = brain.talk().press_payload('/knowledge_question{"article": "internal-goodwill"}')
    assert asked.citations == []
    assert "haven't found an answer" in asked.said


def test_an_articles_button_shows_its_opening(brain: Brain) -> None:
    """What the buttons under "I'm not sure" do."""
    talk = brain.talk().press_payload('/knowledge_question{"article": "store-hours"}')
    assert talk.citations == ["store-hours"]


@pytest.mark.parametrize("typed", ["/restart", '/inform{"order_number":"1"}', "  /ask_for_person", "//back"])
def test_a_typed_command_is_text(brain: Brain, typed: str) -> None:
    """It commands nothing and sets nothing."""
    talk = brain.talk().say("track my order")
    events = len(talk.state["events"]) if talk.state else 0
    talk.say(typed)
    assert talk.slot("order_number") != "1"
    assert talk.state is not None
    assert len(talk.state["events"]) > events
    heard = [event for event in talk.state["events"] if event["event"] == "user"]
    assert not heard[-1]["text"].startswith("/")


def test_a_shop_that_fails_is_said_and_handed_over_in_the_same_turn(brain: Brain) -> None:
    """The company's system is down, the action server is not: the customer is told and a human takes over."""
    talk = brain.talk().say("track my order").say("LF-1000017")
    with closing(sqlite3.connect(brain.shop_database, timeout=10)) as connection:
        connection.execute("ALTER TABLE orders RENAME TO orders_away")
        try:
            talk.say("LS6 2AB")
        finally:
            connection.execute("ALTER TABLE orders_away RENAME TO orders")
    assert talk.texts == ["I'm sorry, something has gone wrong on our side. I'll ask one of our team to take over."]
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "technical_failure"
    assert talk.open_form is None
    assert "LS6" not in brain.installation.log("actions")


def test_an_intent_that_no_rule_knows_ends_the_turn_honestly(brain: Brain) -> None:
    """A button of an older page; one sentence, not ten."""
    talk = brain.talk().press_payload("/store_hours")
    assert len(talk.texts) == 1
    assert "Talk to a person" in talk.titles


def test_a_dead_action_server_is_away_and_the_old_state_stays(brain: Brain) -> None:
    """X12: the gateway gets the action's name, waits, and takes the same turn again."""
    talk = brain.talk().say("track my order").say("LF-1000017")
    state = talk.state
    brain.installation.kill("actions")
    try:
        answer = brain.post(turn({"type": "text", "text": "LS6 2AB"}, state))
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "actions_away"
        assert answer.json()["error"]["action"] == "validate_track_order_form"
    finally:
        brain.installation.start("actions")
    assert "out for delivery" in talk.say("LS6 2AB").said

"""The bot thinks along while a human writes: offers with their source, none too late, and each one's fate is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy.orm import Session

from bot.contract.turn import Customer, TextInput, Turn
from bot.gateway.conversations import transcript
from bot.gateway.conversations.news import NewsReader
from bot.gateway.conversations.tables import Entry
from bot.gateway.desk import suggestions, views, wrap_up
from bot.gateway.desk.agent_assist import AgentAssist
from bot.gateway.desk.replies import reply
from bot.gateway.desk.report import report
from bot.gateway.platform.signals import DESK
from bot.gateway.services import Services
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.tables import Agent
from tests.gateway.stub_brain import Gate, StubBrain, handoff, result
from tests.gateway.tickets.scene import Scene

HOURS = {"article": "store-hours", "title": "Opening hours", "heading": "Sunday", "url": "https://help/hours"}


def passage(article: str, score: float, *, public: bool = True) -> dict[str, Any]:
    """One result of a search."""
    return {
        "article": article,
        "title": article.title(),
        "heading": "",
        "url": f"https://help/{article}",
        "public": public,
        "score": score,
        "text": f"Words of {article}.",
    }


async def answers(turn: dict[str, Any]) -> httpx.Response:
    """The bot knows."""
    trace = {"intent": {"name": "store_hours", "confidence": 0.9}, "decision": {"kind": "answer"}, "form": None}
    replies = [{"text": "We open at 11am.", "citation": {"schema": "citation/1", **HOURS}}]
    return result(turn, replies=replies, trace=trace)


async def starts_a_form(turn: dict[str, Any]) -> httpx.Response:
    """The bot would act."""
    trace = {
        "intent": {"name": "book_technician", "confidence": 0.9},
        "entities": [{"entity": "order_number", "value": "LF-7"}],
        "decision": {"kind": "act"},
        "form": {"name": "book_technician_form", "asks": "day"},
    }
    replies = [{"text": "Which day?", "choices": [{"title": "Tue 9 to 12", "payload": "/x"}]}]
    return result(turn, replies=replies, trace=trace)


@pytest.fixture
def brain() -> StubBrain:
    """A brain that answers, and an article beside."""
    brain = StubBrain()
    brain.behave = answers
    brain.results = [passage("store-hours", 0.9) | HOURS, passage("holidays", 0.8), passage("far", 0.3)]
    return brain


@pytest.fixture
def reader(parts: Services) -> NewsReader:
    """What tells agent assist that something is new."""
    return NewsReader(parts.database)


@pytest.fixture
async def agent_assist(parts: Services, brain: StubBrain, reader: NewsReader) -> AsyncIterator[AgentAssist]:
    """Agent assist over that brain."""
    client = brain.client()
    yield AgentAssist(parts.database, client, parts.clock, reader.feeds["human"])
    await client.close()


@pytest.fixture
def scene(parts: Services) -> Scene:
    """A conversation beside it."""
    return Scene(parts.database, parts.payloads)


async def with_sam(scene: Scene, text: str = "when do you open on sunday?") -> tuple[str, str, Agent]:
    """A conversation that Sam has, whose customer has just written; gives conversation, ticket and Sam."""
    conversation_id = await scene.says("ada", "a person please", "web")
    await scene.handled()
    ticket_id = await scene.hand_off(conversation_id)
    sam = await scene.agent("Sam")
    await scene.take(tickets.claim, ticket_id, sam)
    await scene.says("ada", text, "web")
    return conversation_id, ticket_id, sam


async def suggested(scene: Scene, conversation_id: str) -> list[Entry]:
    """The suggestions of a conversation."""
    return [one for one in await scene.entries(conversation_id) if one.type == "suggestion"]


async def writes(scene: Scene, ticket_id: str, agent: Agent, text: str, number: int = 1) -> Entry:
    """The agent answers."""
    return await scene.database.run(reply, ticket_id, agent, number, text, scene.clock())


async def test_a_message_to_a_human_gets_the_bots_answer_and_alternatives_as_offers(
    agent_assist: AgentAssist, scene: Scene, brain: StubBrain
) -> None:
    """Cited, each once, what fits far less left out; and the customer sees nothing of it."""
    conversation_id, _, _ = await with_sam(scene)
    before = (await scene.conversation(conversation_id)).dialogue_state
    assert await agent_assist.suggest(conversation_id)
    [entry] = await suggested(scene, conversation_id)
    assert entry.detail is not None
    assert [(one["kind"], one["text"], one["source"]["article"]) for one in entry.detail["offers"]] == [
        ("answer", "We open at 11am.", "store-hours"),
        ("passage", "Words of holidays.", "holidays"),
    ]
    assert brain.turns[-1]["shadow"] is True
    assert brain.turns[-1]["input"] == {"type": "text", "text": "when do you open on sunday?"}
    assert (await scene.conversation(conversation_id)).dialogue_state == before
    seen = await scene.database.read(transcript.entries_after, conversation_id, 0, customers_only=True)
    assert all(one.type in ("message", "state") and "11am" not in one.text for one in seen)
    assert not await agent_assist.suggest(conversation_id), "a message gets one suggestion"


async def test_internal_articles_and_a_bot_that_gives_up_offer_nothing(
    agent_assist: AgentAssist, scene: Scene, brain: StubBrain
) -> None:
    """An agent would send it with one click."""

    async def gives_up(turn: dict[str, Any]) -> httpx.Response:
        trace = {"decision": {"kind": "no_answer"}}
        return result(turn, "Let me get somebody.", handoff=handoff("no_answer"), trace=trace)

    brain.behave, brain.results = gives_up, [passage("goodwill", 0.95, public=False), passage("returns", 0.9)]
    conversation_id, _, _ = await with_sam(scene)
    await agent_assist.suggest(conversation_id)
    [entry] = await suggested(scene, conversation_id)
    assert [one["text"] for one in (entry.detail or {})["offers"]] == ["Words of returns."]


async def test_a_form_that_the_bot_would_start_is_the_next_best_action(
    agent_assist: AgentAssist, scene: Scene, brain: StubBrain
) -> None:
    """With the appointments that it would offer, and no article beside the point."""
    brain.behave = starts_a_form
    conversation_id, _, _ = await with_sam(scene, "can somebody come and repair it?")
    await agent_assist.suggest(conversation_id)
    [entry] = await suggested(scene, conversation_id)
    assert (entry.detail or {})["next_action"] == {
        "kind": "start_form",
        "form": "book_technician_form",
        "asks": "day",
        "text": "Which day?",
        "choices": ["Tue 9 to 12"],
    }
    assert (entry.detail or {})["offers"] == []


async def test_with_the_brain_away_there_is_no_suggestion_and_no_fault(
    agent_assist: AgentAssist, scene: Scene, brain: StubBrain
) -> None:
    """An agent works on as before."""
    brain.behave = brain.away
    brain.results = []
    conversation_id, _, _ = await with_sam(scene)
    assert not await agent_assist.suggest(conversation_id)
    assert await suggested(scene, conversation_id) == []


async def test_what_is_answered_or_nobodys_is_not_thought_about(
    agent_assist: AgentAssist, scene: Scene, brain: StubBrain
) -> None:
    """Neither what the bot answers itself, nor what waits, nor what the agent has answered meanwhile."""
    waiting = await scene.says("ben", "hello", "web")
    assert not await agent_assist.suggest(waiting)
    conversation_id, ticket_id, sam = await with_sam(scene)
    gate = Gate(answers)
    brain.behave = gate
    suggesting = asyncio.create_task(agent_assist.suggest(conversation_id))
    await gate.reached.wait()
    await writes(scene, ticket_id, sam, "At eleven.")
    gate.open.set()
    assert not await suggesting, "too late is not shown"
    assert await suggested(scene, conversation_id) == []


async def test_a_customers_turn_goes_first(parts: Services, brain: StubBrain, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shadow turn starts when no customer waits for one, and is dropped when that lasts too long."""
    client = brain.client()
    turn = Turn(
        conversation_id="c",
        message_id="m",
        channel="web",
        locale="en",
        customer=Customer(),
        input=TextInput("x"),
    )
    gate = Gate(answers)
    brain.behave = gate
    customers = asyncio.create_task(client.take_turn(turn))
    await gate.reached.wait()
    monkeypatch.setattr("bot.gateway.conversations.brain_client.SHADOW_PATIENCE", 0.05)
    assert await client.think(msgspec.structs.replace(turn, shadow=True)) is None
    assert len(brain.turns) == 1
    gate.open.set()
    await customers
    assert await client.think(msgspec.structs.replace(turn, shadow=True)) is not None
    await client.close()


async def test_two_gateways_make_one_suggestion(agent_assist: AgentAssist, scene: Scene, brain: StubBrain) -> None:
    """Both think, one is written."""
    conversation_id, _, _ = await with_sam(scene)
    assert sorted(
        await asyncio.gather(agent_assist.suggest(conversation_id), agent_assist.suggest(conversation_id))
    ) == [False, True]
    assert len(await suggested(scene, conversation_id)) == 1


async def test_agent_assist_wakes_for_each_message_and_for_a_claim(
    agent_assist: AgentAssist, scene: Scene, reader: NewsReader
) -> None:
    """It runs by itself, beside the requests."""
    tasks = [asyncio.create_task(reader.run()), asyncio.create_task(agent_assist.run())]
    await reader.feeds["human"].is_read.wait()
    conversation_id = await scene.says("ada", "when do you open on sunday?", "web")
    await scene.handled()
    ticket_id = await scene.hand_off(conversation_id)
    await scene.take(tickets.claim, ticket_id, await scene.agent("Sam"))

    async def until(count: int) -> None:
        with scene.database.signals.subscribe(DESK) as desk:
            async with asyncio.timeout(10):
                while len(await suggested(scene, conversation_id)) < count:
                    await desk.wait()

    await until(1)
    await scene.says("ada", "and on monday?", "web")
    await until(2)
    assert len(await suggested(scene, conversation_id)) == 2
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_accepted_edited_and_rejected_offers_are_counted_for_trainers(
    agent_assist: AgentAssist, scene: Scene
) -> None:
    """With what was asked and what was sent in its place; the first verdict of an offer stands."""
    conversation_id, ticket_id, sam = await with_sam(scene)
    await agent_assist.suggest(conversation_id)
    [entry] = await suggested(scene, conversation_id)
    sent = await writes(scene, ticket_id, sam, "We open at 11am.")
    edited = await writes(scene, ticket_id, sam, "Words of holidays, mostly.", 2)

    def judge(session: Session) -> list[str]:
        now = scene.clock()
        said = [
            suggestions.used(session, conversation_id, entry.seq, number, sam.id, one, now)
            for number, one in ((0, sent), (1, edited))
        ]
        suggestions.rejected(session, conversation_id, entry.seq, 0, sam.id, now)
        with pytest.raises(suggestions.UnknownSuggestionError):
            suggestions.rejected(session, conversation_id, entry.seq, 2, sam.id, now)
        return said

    assert await scene.database.run(judge) == ["accepted", "edited"]
    found = await scene.database.read(report, scene.clock())
    assert found["total"] == {"offered": 2, "accepted": 1, "edited": 1, "rejected": 0}
    assert [(one["article"], one["accepted"]) for one in found["articles"]] == [("holidays", 0), ("store-hours", 1)]
    [example] = found["examples"]
    assert (example["question"], example["offered"], example["sent"]) == (
        "when do you open on sunday?",
        "Words of holidays.",
        "Words of holidays, mostly.",
    )
    shown = await scene.database.read(views.ticket_and_story, ticket_id, scene.clock())
    assert shown is not None
    offers = next(one["suggestion"]["offers"] for one in shown["entries"] if one["type"] == "suggestion")
    assert [one["verdict"] for one in offers] == ["accepted", "edited"]


async def test_the_wrap_up_form_comes_filled(agent_assist: AgentAssist, scene: Scene, brain: StubBrain) -> None:
    """Outcome, note and slots, from what was said and read; what the customer corrected is marked."""
    brain.behave = starts_a_form
    conversation_id, ticket_id, sam = await with_sam(scene, "it is LF-7, not the other one")
    await agent_assist.suggest(conversation_id)
    open_ = await scene.database.read(wrap_up.filled, ticket_id, scene.clock())
    assert open_ is not None
    assert open_["outcome"] is None, "nobody has answered yet"
    assert open_["slots"]["order_number"] == {"value": "LF-7", "sensitive": False, "changed": True}
    await writes(scene, ticket_id, sam, "A technician comes on Tuesday.")

    async def thanks(turn: dict[str, Any]) -> httpx.Response:
        return result(turn, "Gladly.", trace={"intent": {"name": "thanks"}, "decision": {"kind": "act"}})

    brain.behave = thanks
    await scene.says("ada", "thank you", "web")
    await agent_assist.suggest(conversation_id)
    done = await scene.database.read(wrap_up.filled, ticket_id, scene.clock())
    assert done is not None
    assert (done["outcome"], done["reason"]["code"]) == ("solved", "customer_request")
    assert "A technician comes on Tuesday." in done["note"]
    await writes(scene, ticket_id, sam, "Anything else?", 2)
    later = await scene.database.read(wrap_up.filled, ticket_id, scene.clock() + wrap_up.GONE_AFTER)
    assert later is not None
    assert later["outcome"] == "no_reply"

"""R12: what actions set for later leaves the brain with the turn, and comes back as Rasa's external message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from rasa.core import jobs

from bot.contract.reminders import MOST_CHANGES, CancelReminders, SetReminder
from tests.brain.action_server import ActionServerForTests
from tests.brain.other_company import Conversation, texts, trained

CHANGES = {
    "domain.yml": (
        ("intents: [greet,", "intents: [EXTERNAL_parcel, greet,"),
        ("utter_booked:", "utter_near: [{text: 'Your {product} is near.'}]\n  utter_booked:"),
    ),
    "data/rules.yml": (
        ("rules:", "rules:\n  - rule: parcel\n    steps: [{intent: EXTERNAL_parcel}, {action: utter_near}]"),
    ),
}
DUE = "2026-12-24T18:00:00+01:00"


def scheduled(name: str = "parcel", **more: Any) -> dict[str, Any]:
    """The event as rasa-sdk writes it (`rasa_sdk.events.ReminderScheduled`)."""
    entities = [{"entity": "product", "value": "oven"}]
    return {
        "event": "reminder",
        "timestamp": None,
        "intent": "EXTERNAL_parcel",
        "entities": entities,
        "date_time": DUE,
        "name": name,
        "kill_on_user_msg": False,
        **more,
    }


def cancelled(**more: Any) -> dict[str, Any]:
    """The same of `rasa_sdk.events.ReminderCancelled`."""
    return {"event": "cancel_reminder", "timestamp": None, "name": None, "intent": None, "entities": None, **more}


@pytest.fixture(scope="module")
def model(small_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company's model."""
    return trained(tmp_path_factory.mktemp("reminds"), CHANGES)


@pytest.fixture
async def conversation(model: Path) -> AsyncIterator[Conversation]:
    """A conversation whose action answers with the events of the test."""
    actions = ActionServerForTests()
    await actions.start()
    talk = Conversation(model, actions)
    yield talk
    await talk.close()
    await actions.stop()


def answering(conversation: Conversation, *events: dict[str, Any]) -> None:
    """Let the action that fetches a person do this instead."""
    answer = {"events": list(events), "responses": [{"text": "I'll tell you."}]}
    conversation.actions.answers["action_fetch"] = lambda body: answer


async def test_reminders_leave_with_the_turn_in_the_order_of_the_action(conversation: Conversation) -> None:
    """Rasa would set all of them first, and lose what is called off and set anew."""
    answering(conversation, cancelled(), scheduled(), cancelled(name="other"))
    result = await conversation.says("talk to a person")
    entities = [{"entity": "product", "value": "oven"}]
    at = datetime(2026, 12, 24, 17, tzinfo=timezone.utc)
    assert result.reminders == [
        CancelReminders(),
        SetReminder("parcel", "EXTERNAL_parcel", at, entities, unless_said=False),
        CancelReminders(name="other"),
    ]
    assert texts(result) == ["I'll tell you."]


async def test_no_scheduler_runs_in_the_brain(conversation: Conversation) -> None:
    """Its reminders would be those of one process, and end with it."""
    answering(conversation, scheduled())
    await conversation.says("talk to a person")
    assert jobs.__dict__["__scheduler"] is None


async def test_a_reminder_comes_back_with_its_intent_and_entities(conversation: Conversation) -> None:
    """Rules see its intent, its entities fill slots, and the dialogue goes on with it."""
    answering(conversation, scheduled())
    await conversation.says("talk to a person")
    entities = [{"entity": "product", "value": "oven"}]
    due = {"type": "reminder", "name": "parcel", "intent": "EXTERNAL_parcel", "entities": entities}
    assert texts(await conversation.takes(due)) == ["Your oven is near."]
    assert conversation.state is not None
    heard = [event for event in conversation.state["events"] if event["event"] == "user"][-1]
    assert (heard["text"], heard["parse_data"]["intent"]["name"]) == ("EXTERNAL: EXTERNAL_parcel", "EXTERNAL_parcel")
    assert conversation.slots["product"] == "oven"
    assert (await conversation.says("hello")).reminders == []


async def test_a_reminder_outside_the_calendar_costs_no_turn(conversation: Conversation) -> None:
    """An action's slip; what else it did is kept."""
    answering(conversation, scheduled(date_time="0001-01-01T00:00:00+14:00"), scheduled("good"))
    result = await conversation.says("talk to a person")
    assert [one.name for one in result.reminders] == ["good"]


async def test_an_action_that_sets_reminders_without_end_is_cut_short(conversation: Conversation) -> None:
    """The gateway keeps few of them anyway."""
    answering(conversation, *(scheduled(str(number)) for number in range(MOST_CHANGES + 5)))
    assert len((await conversation.says("talk to a person")).reminders) == MOST_CHANGES

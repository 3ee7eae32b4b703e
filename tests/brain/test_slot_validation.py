"""R2: `action_validate_slot_mappings` checks what any message fills, as in Rasa."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.brain.action_server import ActionServerForTests
from tests.brain.other_company import Conversation, texts, trained

CHECK = "action_validate_slot_mappings"

CHANGES = {
    "domain.yml": (
        ("actions: [", f"actions: [{CHECK}, "),
        ("utter_booked:", "utter_noted: [{text: Noted.}]\n  utter_booked:"),
    ),
    "data/rules.yml": (("rules:", "rules:\n  - rule: value\n    steps: [{intent: inform}, {action: utter_noted}]"),),
}  # fmt: skip


def filled(name: str, value: object) -> dict[str, Any]:
    """What an action answers that fills a slot."""
    return {"events": [{"event": "slot", "name": name, "value": value, "timestamp": None}], "responses": []}


@pytest.fixture(scope="module")
def model(small_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company's model."""
    return trained(tmp_path_factory.mktemp("validates"), CHANGES)


@pytest.fixture
async def conversation(model: Path) -> AsyncIterator[Conversation]:
    """A conversation whose action server has nothing to say against any value."""
    actions = ActionServerForTests()
    await actions.start()
    actions.answers[CHECK] = lambda body: {"events": [], "responses": []}
    actions.answers["validate_repair_form"] = lambda body: {"events": [], "responses": []}
    talk = Conversation(model, actions)
    yield talk
    await talk.close()
    await actions.stop()


async def test_a_message_that_fills_nothing_is_answered(conversation: Conversation) -> None:
    """Every turn was a 502."""
    assert texts(await conversation.says("hello")) == ["Hello from the small project."]
    assert [asked["next_action"] for asked in conversation.actions.asked] == [CHECK]


async def test_what_the_check_makes_of_a_value_is_what_the_slot_holds(conversation: Conversation) -> None:
    """A value in a normal form, or none where it is refused."""
    conversation.actions.answers[CHECK] = lambda body: filled("product", "cooker")
    await conversation.says("the oven")
    assert conversation.slots["product"] == "cooker"
    conversation.actions.answers[CHECK] = lambda body: filled("product", None)
    await conversation.says("a dishwasher")
    assert "product" not in conversation.slots


async def test_the_check_sees_what_the_message_would_fill(conversation: Conversation) -> None:
    """The candidates stand in the dialogue that it is given."""
    await conversation.says("the oven")
    assert conversation.actions.asked[0]["tracker"]["slots"]["product"] == "oven"


async def test_a_form_goes_on_beside_the_check(conversation: Conversation) -> None:
    """Both the form's own check and this one are asked."""
    assert texts(await conversation.says("book a repair")) == ["Which appliance?"]
    assert texts(await conversation.says("the oven")) == ["What is wrong?"]
    assert texts(await conversation.says("zzz hums and glows")) == ["Noted: zzz hums and glows"]


async def test_the_trace_names_a_check_only_where_it_failed(conversation: Conversation) -> None:
    """It is asked in every turn, and would stand between what was done for the customer."""
    result = await conversation.says("hello")
    assert result.trace is not None
    assert result.trace["actions"] == []


async def test_a_shadow_turn_asks_no_check_that_may_write(conversation: Conversation) -> None:
    """One that says that it only reads is asked."""
    await conversation.says("hello", shadow=True)
    assert conversation.actions.asked == []
    conversation.actions.listed = [{"name": CHECK, "read_only": True, "repeatable": True}]
    await conversation.says("hello", shadow=True)
    assert [asked["next_action"] for asked in conversation.actions.asked] == [CHECK]

"""R11: responses as Rasa projects write them: for a channel, under a condition, with links, pictures and cards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.contract.reading import as_json
from tests.brain.action_server import ActionServerForTests
from tests.brain.other_company import Conversation, texts, trained

PAGE = "https://example.test/book"

GREETING = f"""
    - channel: telegram
      text: "Hello on Telegram."
    - condition: [{{type: slot, name: product, value: oven}}]
      text: "Hello again, oven."
    - text: "How would you like to book?"
      image: "https://example.test/shop.png"
      buttons:
        - {{title: Book a repair, payload: /repair}}
        - {{title: On our page, type: web_url, url: "{PAGE}"}}
        - {{title: Talk to somebody, payload: /ask_for_person}}
  utter_card:
    - custom: {{blocks: [{{type: section, text: {{type: mrkdwn, text: "Noted, {{product}}."}}}}]}}
"""

CHANGES = {
    "domain.yml": (
        (
            '\n    - text: "Hello from the small project."\n'
            "      buttons: [{title: Book a repair, payload: /repair}]\n",
            GREETING,
        ),
    ),
    "data/rules.yml": (("rules:", "rules:\n  - rule: value\n    steps: [{intent: inform}, {action: utter_card}]"),),
}  # fmt: skip


@pytest.fixture(scope="module")
def model(small_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company's model."""
    return trained(tmp_path_factory.mktemp("responses"), CHANGES)


@pytest.fixture
async def conversation(model: Path) -> AsyncIterator[Conversation]:
    """A conversation on the website."""
    actions = ActionServerForTests()
    await actions.start()
    actions.answers["validate_repair_form"] = lambda body: {"events": [], "responses": []}
    talk = Conversation(model, actions)
    yield talk
    await talk.close()
    await actions.stop()


async def test_a_picture_and_a_link_are_shown_beside_the_buttons(conversation: Conversation) -> None:
    """The page's button is no button: pressed, it would be a ticket."""
    (reply,) = (await conversation.says("hello")).replies
    assert as_json(reply) == {
        "text": "How would you like to book?\n\n[https://example.test/shop.png](<https://example.test/shop.png>)"
        f"\n\n[On our page](<{PAGE}>)",
        "format": "markdown",
        "choices": [
            {"title": "Book a repair", "payload": "/repair"},
            {"title": "Talk to somebody", "payload": "/ask_for_person"},
        ],
    }


async def test_the_second_one_is_the_second_button_and_no_link_is_counted(conversation: Conversation) -> None:
    """What is counted is what can be chosen."""
    conversation.actions.answers["action_fetch"] = lambda body: {"events": [], "responses": [{"text": "Fetched."}]}
    await conversation.says("hello")
    assert texts(await conversation.says("the second one")) == ["Fetched."]


async def test_what_is_written_for_a_channel_is_said_there(conversation: Conversation) -> None:
    """By the name under which the gateway knows it."""
    conversation.channel = "telegram"
    assert texts(await conversation.says("hello")) == ["Hello on Telegram."]


async def test_a_conditional_response_and_a_card_know_what_was_told(conversation: Conversation) -> None:
    """Slots are filled in inside a card as well."""
    assert texts(await conversation.says("the oven")) == ["Noted, oven."]
    assert texts(await conversation.says("hello")) == ["Hello again, oven."]

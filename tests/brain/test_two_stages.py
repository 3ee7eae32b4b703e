"""R3: Rasa's two-stage fallback, where it is let through: it asks, and asks again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.teaching.checks.project import check_project
from tests.brain.action_server import ActionServerForTests
from tests.brain.other_company import Conversation, texts, trained

CHANGES = {
    "domain.yml": (
        (
            "utter_booked:",
            'utter_ask_rephrase: [{text: "Say it otherwise."}]\n  utter_booked:',
        ),
    ),
    "data/rules.yml": (
        (
            "steps: [{intent: out_of_scope}, {action: action_sorry}]",
            "steps: [{intent: out_of_scope}, {action: action_two_stage_fallback}, "
            "{active_loop: action_two_stage_fallback}]",
        ),
    ),
}
OTHER = ["sing a song about cats", "who won the football match"]


@pytest.fixture(scope="module")
def company(small_project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The company's folder, and its model."""
    root = tmp_path_factory.mktemp("two_stages")
    return root, trained(root, CHANGES)


@pytest.fixture
async def conversation(company: tuple[Path, Path]) -> AsyncIterator[Conversation]:
    """A customer who wants what the company has nothing to do with."""
    actions = ActionServerForTests()
    await actions.start()
    talk = Conversation(company[1], actions)
    yield talk
    await talk.close()
    await actions.stop()


def test_it_is_let_through_behind_what_lies_out_of_scope_with_a_remark(company: tuple[Path, Path]) -> None:
    """Behind any other intent it is refused (`tests/unit/teaching/checks`)."""
    found = check_project(company[0], None)
    assert not [one for one in map(str, found.mistakes) if "two_stage" in one]
    assert [one for one in map(str, found.remarks) if "again and again, and never gives up" in one]


async def test_it_asks_what_was_meant_and_then_for_other_words(conversation: Conversation) -> None:
    """Every turn ends and says something: the loop is open over the turns as in Rasa."""
    first = await conversation.says(OTHER[0])
    assert "Did you mean" in texts(first)[0]
    assert [choice.title for reply in first.replies for choice in reply.choices or []] == ["Yes", "No"]
    no = next(choice for reply in first.replies for choice in reply.choices or [] if choice.title == "No")
    assert texts(await conversation.presses(no.payload)) == ["Say it otherwise."]
    assert texts(await conversation.says(OTHER[1])) == ["Say it otherwise."]


async def test_who_says_it_otherwise_is_understood(conversation: Conversation) -> None:
    """The two questions are forgotten."""
    await conversation.says(OTHER[0])
    assert texts(await conversation.says("hello")) == ["Hello from the small project."]
    assert conversation.state is not None
    assert conversation.state["open_form"] is None

"""A company of another make, trained and talked to: the small project with its own domain, rules and actions."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.model_training import train

from bot import settings
from bot.brain.channel import take_turn
from bot.brain.serve import load_agent
from bot.brain.turn import parse_turn
from bot.brain.turn_budget import Budgeted, TurnBudget
from bot.contract.reading import as_bytes, as_json
from bot.contract.result import TurnResult
from bot.dialogue.current_turn import CurrentTurn
from tests.brain.action_server import ActionServerForTests
from tests.brain.served_brain import SECRET
from tests.brain.small_project import write_project

NEVER_SO_LONG = TurnBudget(computing=10.0)
"""A safety net: a turn takes 25 ms, and one that has no end must not hold up the other tests."""

Changes = Mapping[str, tuple[tuple[str, str], ...]]
"""By file: what stands there, and what this company writes in its place."""


def trained(root: Path, changes: Changes) -> Path:
    """Write the company's files and train them; the model's file."""
    write_project(root)
    change(root, changes)
    return train_again(root)


def change(root: Path, changes: Changes) -> None:
    """Write something else into the company's files."""
    for name, replaced in changes.items():
        text = (root / name).read_text(encoding="utf-8")
        for old, new in replaced:
            assert old in text, f"{old!r} does not stand in {name}"
            text = text.replace(old, new, 1)
        (root / name).write_text(text, encoding="utf-8")


def train_again(root: Path) -> Path:
    """Train what stands there now."""
    before = Path.cwd()
    os.chdir(root)
    try:
        result = train("domain.yml", "config.yml", ["data"], output=str(root / "models"))
    finally:
        os.chdir(before)
    assert result.code == 0
    return Path(result.model)


class Conversation:
    """A customer's conversation with a brain, without HTTP in between; the action server is a real one."""

    def __init__(self, model: Path, actions: ActionServerForTests, channel: str = "web") -> None:
        where = replace(settings.load({}), brain_secret=SECRET, actions_secret=SECRET, actions_url=actions.url)
        self.agent: Agent = load_agent(where, model)
        self.actions = actions
        self.channel = channel
        self.state: dict[str, Any] | None = None
        self._turns = 0

    async def says(self, text: str, **changes: Any) -> TurnResult:
        """The customer types something."""
        return await self.takes({"type": "text", "text": text}, **changes)

    async def presses(self, payload: str) -> TurnResult:
        """The customer presses a button."""
        return await self.takes({"type": "choice", "payload": payload, "title": "x"})

    async def takes(self, put_in: dict[str, Any], **changes: Any) -> TurnResult:
        """One turn; its state is kept, as for a turn that is committed."""
        self._turns += 1
        turn = {
            "schema": "turn/1",
            "conversation_id": "c",
            "message_id": f"m-{self._turns}",
            "channel": self.channel,
            "locale": "en",
            "customer": {"id": "p"},
            "input": put_in,
            "state": self.state,
            **changes,
        }
        read = parse_turn(as_bytes(turn))
        taken = CurrentTurn(shadow=read.sent.shadow, again=read.sent.again)
        result = await Budgeted(take_turn(self.agent, read, taken), NEVER_SO_LONG)
        # As it comes out of HTTP.
        self.state = as_json(result)["state"]
        return result

    @property
    def slots(self) -> dict[str, Any]:
        """What is filled after the last turn."""
        assert self.state is not None
        found: dict[str, Any] = self.state["slots"]
        return found

    async def close(self) -> None:
        """Hang up at the action server's end."""
        await self.agent.action_endpoint.close()


def texts(result: TurnResult) -> list[str]:
    """What was said."""
    return [reply.text or "" for reply in result.replies]

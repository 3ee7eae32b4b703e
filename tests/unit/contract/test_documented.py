"""The examples of the reference page are messages of the contract."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.contract.reading import as_json, checked
from bot.contract.result import TurnResult
from bot.contract.trace import Trace
from bot.contract.turn import Turn
from bot.handoff.request import HandoffRequest

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "turn.md").read_text()
EXAMPLES: list[dict[str, Any]] = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def _example(schema: str) -> dict[str, Any]:
    (found,) = [example for example in EXAMPLES if example["schema"] == schema]
    return found


@pytest.mark.parametrize(("schema", "kind"), [("turn/1", Turn), ("turn-result/1", TurnResult)])
def test_an_example_is_a_message_and_shows_nothing_that_the_contract_lacks(
    schema: str, kind: type[msgspec.Struct]
) -> None:
    """Who writes a brain of their own begins with this page."""
    example = _example(schema)
    assert as_json(checked(example, kind)) == example


def test_the_trace_of_the_page_has_the_contracts_fields() -> None:
    """Trainers' tools read them by these names."""
    shown = _example("turn-result/1")["trace"]
    assert as_json(checked(shown, Trace)) == shown


def test_the_request_of_the_page_can_be_read() -> None:
    """An action that copies it hands over."""
    assert HandoffRequest.from_json(_example("handoff-request/1")).evidence

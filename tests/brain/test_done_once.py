"""R1: what ran does not run again unless it says that it may; counted in a real action server, over a real brain."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.brain.served_brain import SECRET, Gateway, Served, texts

ROOT = Path(__file__).resolve().parents[2]

ACTIONS = '''
import os
import pathlib

from rasa_sdk import Action

from bot.kit.base import CompanyAction, write_key

RUNS = pathlib.Path(os.environ["WARMLINE_ROOT"]) / "runs"


def mode():
    return (RUNS.parent / "mode").read_text()


def note(key):
    with RUNS.open("a") as runs:
        runs.write(f"{key}\\n")


def end(dispatcher):
    if mode() == "crashes":
        raise RuntimeError("after it has written")
    if mode() == "dies":
        os._exit(1)
    dispatcher.utter_message(text="Done.")
    return []


class Ordinary(Action):
    """As Rasa's own documentation writes them."""

    def name(self):
        return "action_fetch"

    def run(self, dispatcher, tracker, domain):
        note("ordinary")
        return end(dispatcher)


class Repeatable(Action):
    """It knows what it has done by its key."""

    repeatable = True

    def name(self):
        return "action_sorry"

    def run(self, dispatcher, tracker, domain):
        note(tracker.latest_message["metadata"]["message_id"])
        return end(dispatcher)


class OfTheCompany(CompanyAction):
    """As ours are written."""

    action_name = "action_answer"
    repeatable = True

    def act(self, turn):
        note(write_key(turn, self.action_name))
        if mode() == "dies":
            os._exit(1)
        turn.quote("Done.", {})
        return []
'''


@dataclass
class Company:
    """A company's folder and its action server."""

    root: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the action server, and wait until it listens."""
        environment = {
            **os.environ,
            "WARMLINE_ROOT": str(self.root),
            "WARMLINE_ACTIONS_PORT": str(self.port),
            "WARMLINE_ACTIONS_SECRET": SECRET,
        }
        with (self.root / "log").open("ab") as log:
            command = [sys.executable, "-m", "bot.action_server.serve"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 60  # a safety net: it listens within seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError((self.root / "log").read_text())

    def ended(self) -> None:
        """Wait until the action server has ended by itself."""
        assert self.process is not None
        self.process.wait(60)

    def stop(self) -> None:
        """End the action server, where it still runs."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(60)

    def behaves(self, mode: str) -> None:
        """What each action does once it has written: it answers, crashes, or takes its process with it."""
        (self.root / "mode").write_text(mode)

    @property
    def runs(self) -> list[str]:
        """What was written, each time that an action ran."""
        runs = self.root / "runs"
        return runs.read_text().split() if runs.exists() else []


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    """A company with three actions."""
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "__init__.py").write_text("")
    (tmp_path / "actions" / "all.py").write_text(ACTIONS)
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        made = Company(tmp_path, sock.getsockname()[1])
    made.behaves("answers")
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
async def gateway(served: Served, company: Company) -> AsyncIterator[Gateway]:
    """A gateway whose brain calls the company's action server."""
    served.agent.action_endpoint.url = f"http://127.0.0.1:{company.port}/webhook"
    async with aiohttp.ClientSession() as session:
        yield Gateway(f"http://127.0.0.1:{served.port}/webhooks/warmline", session, None)  # type: ignore[arg-type]


ORDINARY = {"type": "text", "text": "talk to a person"}
REPEATABLE = {"type": "text", "text": "zzz qqq xxx"}
OF_THE_COMPANY = {"type": "choice", "payload": "/knowledge_question", "title": "x"}


async def until_settled(gateway: Gateway, company: Company, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Take a turn as the gateway does (`worker.py`): again while it may be, at most three times."""
    again = False
    for _ in range(3):
        status, result = await gateway.take(said, again=again)
        if status == 200 or result["error"].get("acted"):
            break
        again = again or "acted" not in result["error"]
        if company.process is not None and company.process.poll() is not None:
            company.start()
    return status, result


async def test_an_ordinary_action_that_answers_is_done_once(gateway: Gateway, company: Company) -> None:
    """It says nothing of how it ended, and need not."""
    status, result = await until_settled(gateway, company, ORDINARY)
    assert (status, texts(result)) == (200, ["Done."])
    assert company.runs == ["ordinary"]


async def test_an_ordinary_action_that_crashes_after_it_wrote_does_not_run_again(
    gateway: Gateway, company: Company
) -> None:
    """The brain says so, and the gateway hands over at once."""
    company.behaves("crashes")
    status, result = await gateway.take(ORDINARY)
    assert (status, result["error"]["code"], result["error"]["acted"]) == (502, "action_failed", True)
    assert company.runs == ["ordinary"]


async def test_an_action_that_says_so_runs_again_with_the_same_key(gateway: Gateway, company: Company) -> None:
    """It has crashed once; the second time it answers."""
    company.behaves("crashes")
    status, result = await gateway.take(REPEATABLE)
    assert (status, result["error"]["acted"]) == (502, False)
    company.behaves("answers")
    status, result = await gateway.take(REPEATABLE)
    assert (status, texts(result)) == (200, ["Done."])
    assert company.runs == ["m-1", "m-1"]


async def test_where_the_connection_broke_an_ordinary_action_does_not_run_again(
    gateway: Gateway, company: Company
) -> None:
    """Nobody knows whether it ran; when its server is back, it is not run to find out."""
    company.behaves("dies")
    status, result = await gateway.take(ORDINARY)
    assert (status, result["error"]["code"]) == (503, "actions_away")
    assert "acted" not in result["error"]
    company.ended()
    company.behaves("answers")
    company.start()
    status, result = await gateway.take(ORDINARY, again=True)
    assert (status, result["error"]["code"], result["error"]["acted"]) == (502, "action_failed", True)
    assert company.runs == ["ordinary"]


async def test_where_the_connection_broke_an_action_that_says_so_runs_again_with_the_same_key(
    gateway: Gateway, company: Company
) -> None:
    """The company's own actions: message, name, and the number of the call."""
    company.behaves("dies")
    await gateway.take(OF_THE_COMPANY)
    company.ended()
    company.behaves("answers")
    company.start()
    status, result = await until_settled(gateway, company, OF_THE_COMPANY)
    assert (status, texts(result)) == (200, ["Done."])
    assert company.runs == ["m-1/action_answer/0", "m-1/action_answer/0"]


async def test_a_turn_that_is_taken_again_does_all_that_no_action_did_before(
    gateway: Gateway, company: Company
) -> None:
    """A message that may have acted and in fact only greets is answered."""
    status, result = await gateway.take({"type": "text", "text": "hello"}, again=True)
    assert (status, texts(result)) == (200, ["Hello from the small project."])


async def test_an_ordinary_action_does_not_run_in_a_shadow_turn(gateway: Gateway, company: Company) -> None:
    """An agent's suggestion writes nothing into the company's systems."""
    status, _ = await gateway.take(ORDINARY, shadow=True)
    assert (status, company.runs) == (200, [])


async def test_the_action_server_lists_when_its_actions_may_run_to_those_who_know_its_secret(
    gateway: Gateway, company: Company
) -> None:
    """The kit's actions are there beside the company's, whose own take their names."""
    address = f"http://127.0.0.1:{company.port}/actions"
    async with gateway.session.get(address) as refused:
        assert refused.status == 401
    async with gateway.session.get(address, headers={"Authorization": f"Bearer {SECRET}"}) as answer:
        listed = {action.pop("name"): action for action in json.loads(await answer.text())}
    assert listed["action_fetch"] == {"read_only": False, "repeatable": False}
    assert listed["action_sorry"] == {"read_only": False, "repeatable": True}
    assert listed["action_hand_to_human"] == {"read_only": True, "repeatable": True}


def test_an_action_that_says_neither_yes_nor_no_stops_the_start(company: Company) -> None:
    """It is named to the operator, before any customer meets it."""
    company.stop()
    source = company.root / "actions" / "all.py"
    source.write_text(source.read_text().replace("repeatable = True", 'repeatable = "yes"', 1))
    with pytest.raises(AssertionError, match=r"actions\.all\.Repeatable: repeatable is neither True nor False\."):
        company.start()

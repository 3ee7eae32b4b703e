"""X1. Turns that are cut off, in a brain that is a process of its own: alarms are for a process's main thread."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.brain import artefacts
from bot.brain.search import LONGEST_QUERY
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import load_articles
from tests.brain.action_server import ActionServerForTests, said
from tests.brain.small_project import WordEncoder
from tests.brain.troublesome import write_troublesome_project

SECRET = "a-secret-of-the-tests-0123456789-0123456789"
ROOT = Path(__file__).resolve().parents[2]
LONGEST_START = 120.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Brain:
    """The process, and what the gateway does with it."""

    def __init__(self, root: Path, model: Path) -> None:
        self._root = root
        self._model = model
        self._port = free_port()
        self._actions_port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = root / "brain.log"

    @property
    def actions_port(self) -> int:
        """Where it expects the action server."""
        return self._actions_port

    def start(self) -> None:
        """Start the process; it takes a while to be ready."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "WARMLINE_ROOT": str(self._root),
            "WARMLINE_BRAIN_PORT": str(self._port),
            "WARMLINE_BRAIN_SECRET": SECRET,
            "WARMLINE_ACTIONS_PORT": str(self._actions_port),
            "WARMLINE_TURN_BUDGET": "0.5",
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.brain.brain_process", str(self._model)],
                cwd=self._root,
                env=environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def end(self) -> None:
        """End the process."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    async def ready(self) -> tuple[int, dict[str, Any]]:
        """Ask whether it could take a turn."""
        async with aiohttp.ClientSession() as session, session.get(self._url("ready"), headers=_HEADERS) as response:
            return response.status, await response.json()

    async def wait_until_ready(self) -> None:
        """Wait for its start."""
        end = time.monotonic() + LONGEST_START
        while time.monotonic() < end:
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()[-4000:]
            try:
                if (await self.ready())[0] == 200:
                    return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
        raise AssertionError(self.log.read_text()[-4000:])

    async def say(self, text: str, state: Any = None) -> tuple[int, dict[str, Any]]:
        """Take a turn."""
        turn = {
            "schema": "turn/1",
            "conversation_id": "c",
            "message_id": "m-1",
            "channel": "web",
            "locale": "en",
            "customer": {"id": "p"},
            "input": {"type": "text", "text": text},
            "state": state,
        }
        return await self._post("turn", turn)

    async def search(self, query: str) -> tuple[int, dict[str, Any]]:
        """Search as an agent does."""
        return await self._post("search", {"schema": "search/1", "query": query})

    async def _post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._url(path), data=json.dumps(body), headers=_HEADERS) as response,
        ):
            return response.status, await response.json()

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._port}/webhooks/warmline/{path}"


_HEADERS = {"Authorization": f"Bearer {SECRET}"}


@pytest.fixture(scope="module")
def troublesome(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A project with trouble in it, and its model."""
    from rasa.model_training import train

    root = tmp_path_factory.mktemp("troublesome")
    write_troublesome_project(root)
    encoder = WordEncoder()
    KnowledgeIndex.build(load_articles(root / "knowledge_index" / "articles"), encoder).save(
        root / "knowledge_index" / "built"
    )
    before = Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WARMLINE_ROOT", str(root))
        patch.delenv("WARMLINE_MODELS", raising=False)
        patch.setattr(artefacts, "encoder", lambda: encoder)
        patch.setattr(artefacts, "encoder_fingerprint", lambda: encoder.fingerprint)
        artefacts._living.cache_clear()
        os.chdir(root)
        try:
            result = train("domain.yml", "config.yml", ["data"], output=str(root / "models"))
        finally:
            os.chdir(before)
            artefacts._living.cache_clear()
    assert result.code == 0
    return root, Path(result.model)


@pytest.fixture(scope="module")
def started(troublesome: tuple[Path, Path]) -> Iterator[Brain]:
    """A brain that was started once for these tests."""
    brain = Brain(*troublesome)
    brain.start()
    yield brain
    brain.end()


@pytest.fixture
async def brain(started: Brain) -> Brain:
    """A brain that is ready."""
    assert started.process is not None
    if started.process.poll() is not None:
        started.start()
    await started.wait_until_ready()
    return started


@pytest.mark.parametrize("text", ["burn", "match", "swallow", "muddle muddle"])
async def test_a_turn_that_computes_for_ever_is_cut_off_and_another_one_is_answered(brain: Brain, text: str) -> None:
    """A loop, a regular expression, code that swallows errors, and Rasa's own loop that predicts for ever."""
    burning = asyncio.create_task(brain.say(text))
    status, result = await brain.say("hello")
    assert (status, result["replies"][0]["text"]) == (200, "Hello from the small project.")
    status, result = await burning
    assert (status, result["error"]["code"], result["error"]["acted"]) == (422, "over_budget", False)
    assert (await brain.say("hello"))[0] == 200


async def test_a_turn_that_blocks_without_computing_is_cut_off(brain: Brain) -> None:
    """A component that waits for something that never comes."""
    sleeping = asyncio.create_task(brain.say("sleep"))
    assert (await brain.say("hello"))[0] == 200
    assert (await sleeping)[1]["error"]["code"] == "over_budget"


async def test_many_turns_at_once_are_each_judged_by_themselves(brain: Brain) -> None:
    """Whatever the order in which they come."""
    texts = ["hello", "burn", "hello", "muddle muddle", "hello", "match", "hello"]
    answers = await asyncio.gather(*map(brain.say, texts))
    assert [status for status, _ in answers] == [200, 422, 200, 422, 200, 422, 200]


async def test_waiting_for_an_action_costs_no_budget(brain: Brain) -> None:
    """A company's slow system is not the customer's fault."""

    async def slow(body: dict[str, Any]) -> Any:
        await asyncio.sleep(1.0)
        return said("One moment.", "action_fetch")

    actions = ActionServerForTests()
    await actions.start(brain.actions_port)
    actions.answers["action_fetch"] = slow
    status, result = await brain.say("talk to a person")
    await actions.stop()
    assert (status, result["replies"][0]["text"]) == (200, "One moment.")


async def test_what_a_cut_off_turn_has_done_is_said(brain: Brain) -> None:
    """An action that may have written has run: the gateway must not ask for the same again."""
    actions = ActionServerForTests()
    await actions.start(brain.actions_port)
    actions.answers["action_fetch"] = lambda body: said("Done.", "action_fetch")
    status, result = await brain.say("wobble wobble")
    await actions.stop()
    assert (status, result["error"]["code"], result["error"]["acted"]) == (422, "over_budget", True)
    assert {body["next_action"] for body in actions.asked} == {"action_fetch"}  # again and again, in that loop


async def test_a_long_search_is_read_up_to_a_limit(brain: Brain) -> None:
    """Agents paste whole messages."""
    read = ("opening hours on Sunday " * 100)[:LONGEST_QUERY]
    status, result = await brain.search(read)
    assert (status, result["results"][0]["article"]) == (200, "opening-hours")
    assert await brain.search(read + "goodwill pounds " * 300) == (status, result)


async def test_a_brain_that_hangs_in_c_ends_itself_and_says_where(brain: Brain) -> None:
    """Nothing in Python can interrupt it; whoever supervises it starts it again."""
    assert brain.process is not None
    with pytest.raises(aiohttp.ClientError):
        await brain.say("hang")
    assert await asyncio.to_thread(brain.process.wait, 60) == 1
    log = brain.log.read_text()
    assert "Timeout" in log
    assert "in _hang" in log

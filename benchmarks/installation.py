"""A whole assistant of one checkout: copied, trained and started with the checkout's own files and environments."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.servers import environment, run, start, until
from benchmarks.stock import copy_ours
from benchmarks.talks import BrainTalk, GatewayTalk
from benchmarks.unhurried import lift_limits
from bot.processes import free_port


@dataclass(frozen=True)
class Installation:
    """Three servers that run, and how to talk with them."""

    brain: httpx.AsyncClient
    brain_secret: str
    gateway: httpx.AsyncClient
    processes: dict[str, int]
    """Process ids: ``brain``, ``gateway`` and ``actions``."""

    def talk_with_brain(self) -> BrainTalk:
        """Begin a conversation with the brain's private channel."""
        return BrainTalk(self.brain, self.brain_secret)

    def talk_with_gateway(self) -> GatewayTalk:
        """Begin a conversation on the website channel."""
        return GatewayTalk(self.gateway)

    async def close(self) -> None:
        """Close the connections; the servers end with their stack."""
        await self.brain.aclose()
        await self.gateway.aclose()


def missing_in(checkout: Path) -> str | None:
    """Say what a checkout lacks before it can be trained and started; None when nothing is missing."""
    for needed in (".venv/bin/python", ".venv-brain/bin/python", "models/encoder"):
        if not (checkout / needed).exists():
            return f"{checkout} has no {needed}: run `make train` there first."
    return None


async def started(checkout: Path, work: Path, stack: ExitStack, first_words: str) -> Installation:
    """Copy, train with cold caches, and start; comes back when brain and gateway have answered ``first_words``.

    ``checkout`` may be an earlier state: one without an action server of our own runs rasa-sdk's, and no setting is
    written that its own files do not have. A variable that it does not know yet does nothing there.
    """
    folder = work / "copy"
    copy_ours(checkout, folder)
    lift_limits(folder / "channels.yml")
    gateway_python, brain_python = (str(checkout / name / "bin" / "python") for name in (".venv", ".venv-brain"))
    actions_port, brain_port, gateway_port = free_port(), free_port(), free_port()
    secret = secrets.token_urlsafe(32)
    variables = environment(
        WARMLINE_ROOT=str(folder),
        WARMLINE_VAR=str(work / "var"),
        WARMLINE_BRAIN_PORT=str(brain_port),
        WARMLINE_BRAIN_SECRET=secret,
        WARMLINE_ACTIONS_SECRET=secrets.token_urlsafe(32),
        WARMLINE_PAYLOAD_KEY=secrets.token_urlsafe(32),
        WARMLINE_ACTIONS_PORT=str(actions_port),
        WARMLINE_GATEWAY_PORT=str(gateway_port),
        RASA_CACHE_DIRECTORY=str(work / "cache"),
    )
    # An earlier state may have the build where it was before bot/knowledge had folders.
    build = "bot.knowledge.index.build" if (folder / "bot/knowledge/index/build.py").exists() else "bot.knowledge.build"
    for module in (build, "bot.brain.train", "actions.shop.seed"):
        run([brain_python, "-m", module], folder, variables)
    actions, for_actions = [brain_python, "-m", "bot.action_server.serve"], variables
    if not (folder / "bot" / "action_server").exists():
        actions = [brain_python, "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions_port)]
        for_actions = variables | {"SANIC_HOST": "127.0.0.1"}
    processes = {
        "actions": start(stack, actions, folder, for_actions, work / "actions.log"),
        "brain": start(stack, [brain_python, "-m", "bot.brain.serve"], folder, variables, work / "brain.log"),
        "gateway": start(stack, [gateway_python, "-m", "bot.gateway.serve"], folder, variables, work / "gateway.log"),
    }
    installation = Installation(_client(brain_port), secret, _client(gateway_port), processes)

    async def actions_answer() -> bool:
        async with _client(actions_port) as client:
            return (await client.get("/health")).status_code == 200

    async def brain_answers() -> bool:
        return bool(await installation.talk_with_brain().turn(first_words))

    async def gateway_answers() -> bool:
        talk = installation.talk_with_gateway()
        try:
            await talk.open()
            return bool(await talk.turn(first_words))
        finally:
            talk.close()

    for answers in (actions_answer, brain_answers, gateway_answers):
        await until(answers)
    return installation


def _client(port: int) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60.0, trust_env=False)

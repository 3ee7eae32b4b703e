"""``python -m bot.brain.serve``: the brain as a server, with the private channel as its only face."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot import bearer, settings
from bot.brain import heartbeat
from bot.brain.rasa_patches import without_tensorflow
from bot.errors import SettingError, WarmlineError
from bot.nlu.intents.trained_models import newest_model
from bot.private_files import keep_private
from bot.untrusted.control_characters import visible

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from sanic import Sanic

    from bot.brain.action_calls import ActionServer
    from bot.brain.newer_model import NewerModel

logger = logging.getLogger("bot.brain.serve")


def main() -> int:
    """Load the newest model and serve; 1, with a sentence that says what to change, when that cannot be."""
    keep_private()
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
    try:
        where = settings.load()
        if not where.brain_secret:
            raise SettingError("WARMLINE_BRAIN_SECRET is not set: the brain lets nobody in without it.")
        if not where.actions_secret:
            raise SettingError("WARMLINE_ACTIONS_SECRET is not set: the action server lets nobody in without it.")
        model = newest_model(where.models)
        if not without_tensorflow.model_needs_tensorflow(model):
            without_tensorflow.install()
        return _serve(where, model)
    except WarmlineError as error:
        print(visible(str(error)), file=sys.stderr)
        return 1


def _serve(where: settings.Settings, model: Path) -> int:
    """Everything that imports Rasa, after it is settled whether TensorFlow is imported with it."""
    from bot.brain.quiet import configure_logging, sentence_of

    configure_logging(logging.INFO)
    os.chdir(where.root)
    sys.path.insert(0, str(where.root))
    try:
        agent = load_agent(where, model)
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        print(visible(sentence), file=sys.stderr)
        return 1
    app = make_app(
        where, agent, newer=newer_model(where, model, agent.action_endpoint), hangs_after=heartbeat.HANGS_AFTER
    )
    del agent  # the app has it, until a newer one takes its place
    logger.info("Ready with %s on http://%s:%s", model.name, where.brain_host, where.brain_port)
    app.run(host=where.brain_host, port=where.brain_port, workers=1, access_log=False, motd=False, debug=False)
    return 0


def load_agent(where: settings.Settings, model: Path, actions: ActionServer | None = None) -> Agent:
    """Load the model with a tracker store that keeps nothing and the action server of the settings.

    ``actions``: the action server as another model of this process calls it already.
    """
    from rasa.core.agent import Agent
    from rasa.utils.endpoints import EndpointConfig

    from bot.brain.action_calls import ActionServer
    from bot.brain.rasa_patches import apply
    from bot.brain.tracker_store import WarmlineTrackerStore

    apply.for_serving()
    agent = Agent.load(
        model_path=str(model),
        tracker_store=WarmlineTrackerStore(None),
        action_endpoint=actions
        or ActionServer.at(EndpointConfig(where.actions_url, headers=bearer.header(where.actions_secret))),
    )
    apply.to_loaded(agent)
    return agent


def newer_model(where: settings.Settings, serves: Path, actions: ActionServer) -> NewerModel[Agent]:
    """Watch for models that are trained from now on; each is loaded beside the one that serves."""
    from bot.brain import artefacts
    from bot.brain.newer_model import NewerModel, NotTakenError, RunningCode

    code = RunningCode((Path(__file__).parents[1], where.root))

    def load(model: Path) -> Agent:
        code.refuse_if_changed()
        if artefacts.encoder_fingerprint() != artefacts.encoder().fingerprint:
            raise NotTakenError("The encoder was built anew since this brain was started: restart the brain.")
        if without_tensorflow.stands_in() and without_tensorflow.model_needs_tensorflow(model):
            raise NotTakenError("It needs TensorFlow, which this brain was started without: restart the brain.")
        loaded = load_agent(where, model, actions)
        asyncio.run(warm_up(loaded))
        return loaded

    return NewerModel(where.models, serves, load)


async def warm_up(agent: Agent) -> None:
    """Have one sentence read: the first costs many times the second, since libraries prepare themselves with it."""
    from rasa.core.channels.channel import UserMessage

    await agent.processor.parse_message(UserMessage("Can somebody come tomorrow at nine?"))


def make_app(
    where: settings.Settings,
    agent: Agent,
    *,
    newer: NewerModel[Agent] | None = None,
    hangs_after: float | None = None,
) -> Sanic:
    """The server: the private channel and nothing else, no page of Rasa's own API.

    ``newer``: where models come from that are trained meanwhile; without it the process serves one model.
    ``hangs_after``: end the whole process when its event loop has not turned for so many seconds.
    """
    from rasa.core.channels.channel import register
    from sanic import Sanic
    from sanic.exceptions import NotFound, PayloadTooLarge, SanicException
    from sanic.request import Request
    from sanic.response import HTTPResponse

    from bot.brain import artefacts
    from bot.brain.channel import WarmlineChannel, error_answer
    from bot.brain.newer_model import let_the_collector_rest
    from bot.brain.turn_budget import TurnBudget
    from bot.contract.turn import LARGEST_TURN

    app = Sanic("warmline_brain", configure_logging=False)
    # A little more than a turn may have, so that the channel itself answers those that are barely too large.
    app.config.REQUEST_MAX_SIZE = 2 * LARGEST_TURN
    # The gateway keeps its connections; it gives up on a turn long before this.
    app.config.KEEP_ALIVE_TIMEOUT = 75
    app.config.RESPONSE_TIMEOUT = 120
    # A turn may hold the loop for its whole budget; what lasts twice as long is more than one.
    heart = heartbeat.Heartbeat(2 * where.turn_budget, hangs_after=hangs_after)
    register([WarmlineChannel(where.brain_secret, TurnBudget(where.turn_budget), heart)], app, route="/webhooks/")

    @app.exception(PayloadTooLarge)
    async def too_large(request: Request, error: Exception) -> HTTPResponse:
        return error_answer(413, "too_large", f"A turn has at most {LARGEST_TURN} bytes.")

    @app.exception(NotFound)
    async def not_found(request: Request, error: Exception) -> HTTPResponse:
        return error_answer(404, "not_found", "The brain knows /webhooks/warmline/turn and /webhooks/warmline/ready.")

    @app.exception(SanicException)
    async def refused(request: Request, error: SanicException) -> HTTPResponse:
        return error_answer(getattr(error, "status_code", 500), "bad_turn", type(error).__name__)

    def serve_with(agent: Agent) -> None:
        # Each turn asks once, when it begins (`bot.brain.channel`).
        app.ctx.agent = agent

    serve_with(agent)
    actions = agent.action_endpoint
    del agent  # what is replaced is to be forgotten, and these functions live as long as the process

    @app.listener("before_server_start")
    async def begin(app: Sanic, loop: object) -> None:
        artefacts.watch_index()
        await warm_up(app.ctx.agent)
        let_the_collector_rest()
        heart.start()
        if newer is not None:
            app.ctx.watch = asyncio.create_task(newer.watch(serve_with))

    @app.listener("after_server_stop")
    async def close(app: Sanic, loop: object) -> None:
        heart.stop()
        if newer is not None:
            app.ctx.watch.cancel()
        await actions.close()

    return app


if __name__ == "__main__":
    sys.exit(main())

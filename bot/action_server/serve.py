"""``python -m bot.action_server.serve``: a company's rasa-sdk actions as a server that the brain alone may call.

rasa-sdk's own server (``rasa_sdk.endpoint``) lets everybody in, takes any content type, allows every origin, and sends
a request's body back when an action fails. This one keeps its executor and the answers that Rasa expects.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import Any

from rasa_sdk import utils
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import settings
from bot.action_server.company import Renewal, company_in, content_of
from bot.action_server.guard import LARGEST_CALL, Guard
from bot.contract.listed_actions import ListedAction
from bot.contract.reading import as_json
from bot.errors import SettingError, WarmlineError
from bot.kit.company import Company, serve_for
from bot.private_files import keep_private
from bot.untrusted import log_lines

logger = logging.getLogger("bot.action_server")

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
# They would write a line for each request or each action at start.
_TALKATIVE = ("sanic.access", "rasa_sdk.executor")
# Longer than the brain waits for an action (bot/brain/action_calls.py), so that the brain is the one who gives up.
_LONGEST_ACTION = 60

KIT = "bot.kit"
"""The package with the actions that every company has."""


class _RefusedError(SanicException):  # type: ignore[misc]  # sanic is not installed where mypy runs
    """A request that the guard does not let in."""


def main(arguments: list[str] | None = None) -> int:
    """Load the actions and serve; 1, with a sentence that says what to change, when that cannot be."""
    keep_private()
    parser = argparse.ArgumentParser(prog="python -m bot.action_server.serve", description="Serve a company's actions.")
    parser.add_argument("--actions", default="actions", help="the package that holds them")
    given = parser.parse_args(arguments)
    log_lines.configure(logging.INFO, _FORMAT)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        where = settings.load()
        guard = guard_of(where)
    except WarmlineError as error:
        print(f"The action server cannot start. {error}", file=sys.stderr)
        return 1
    os.chdir(where.root)
    sys.path.insert(0, str(where.root))
    try:
        executor, company = executor_for(given.actions, where)
        app = make_app(executor, guard, Renewal(where, company))
    except WarmlineError as error:
        print(f"The action server cannot start. {error}", file=sys.stderr)
        return 1
    logger.info("Ready on http://%s:%s", where.actions_host, where.actions_port)
    app.run(
        host=where.actions_host,
        port=where.actions_port,
        workers=utils.number_of_sanic_workers(),
        access_log=False,
        motd=False,
        debug=False,
    )
    return 0


def executor_for(package: str, where: settings.Settings) -> tuple[ActionExecutor, Company]:
    """The kit's actions and the company's; of two with one name the company's, so that it may replace one of the kit's.

    Also answers what the company says of itself.

    Raises:
        WarmlineError: What the company says of itself, or a file of it, cannot be taken.
    """
    executor = ActionExecutor()
    executor.register_package(KIT)
    # By its place: another company's package, somewhere else on the path, is none of this one's.
    own = (where.root / package).is_dir() or (where.root / f"{package}.py").is_file()
    if own:
        executor.register_package(package)  # what is registered later takes the name
    company = company_in(package) if own else Company()
    serve_for(company, content_of(where))
    return executor, company


def listed_actions(executor: ActionExecutor) -> list[ListedAction]:
    """What each action says of when it may run.

    Raises:
        SettingError: An action says neither yes nor no.
    """
    return [_listed(name, run) for name, run in sorted(executor.actions.items())]


def _listed(name: str, run: Any) -> ListedAction:
    action = getattr(run, "__self__", None)
    says = {flag: getattr(action, flag, False) for flag in ("read_only", "repeatable")}
    for flag, said in says.items():
        if not isinstance(said, bool):
            kind = type(action)
            raise SettingError(f"{kind.__module__}.{kind.__qualname__}: {flag} is neither True nor False.")
    return ListedAction(name, says["read_only"], says["read_only"] or says["repeatable"])


def guard_of(where: settings.Settings) -> Guard:
    """The guard that the settings ask for; :class:`SettingError` where there is no secret."""
    if not where.actions_secret:
        raise SettingError(
            "WARMLINE_ACTIONS_SECRET is not set: without it anybody could act for your customers. "
            "Set it to 32 or more characters at random, the same for the brain."
        )
    return Guard(where.actions_secret, where.actions_host, where.actions_url)


def make_app(executor: ActionExecutor, guard: Guard, renewal: Renewal) -> Sanic:
    """The server: ``POST /webhook`` and ``GET /actions`` for the brain, ``GET /health`` for whoever keeps it up."""
    listed = [as_json(action) for action in listed_actions(executor)]
    app = Sanic("warmline_actions", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_CALL
    app.config.RESPONSE_TIMEOUT = _LONGEST_ACTION

    async def let_in(request: Request, **_: Any) -> None:
        heads = {name.lower(): ", ".join(request.headers.getall(name)) for name in request.headers}
        refusal = guard.refusal(request.method, request.path, heads)
        if refusal is not None:
            raise _RefusedError(refusal.reason, status_code=refusal.status)

    async def health(request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    async def actions(request: Request) -> HTTPResponse:
        return json(listed)

    async def webhook(request: Request) -> HTTPResponse:
        call = request.json
        if not isinstance(call, dict) or not isinstance(call.get("next_action"), str) or "tracker" not in call:
            return json({"error": "A call is an object with next_action and tracker."}, status=400)
        renewal.renew()
        utils.check_version_compatibility(call.get("version"))
        try:
            return json(await executor.run(call))
        except ActionExecutionRejection as rejection:  # Rasa's way for an action to decline
            return json({"error": rejection.message, "action_name": rejection.action_name}, status=400)
        except ActionNotFoundException as missing:
            logger.error("The brain calls an action that is not here: train the model with these actions.")
            return json({"error": missing.message, "action_name": missing.action_name}, status=404)

    async def refused(request: Request, error: SanicException) -> HTTPResponse:
        said = str(error) if isinstance(error, _RefusedError) else type(error).__name__
        return json({"error": said}, status=error.status_code)

    async def failed(request: Request, error: Exception) -> HTTPResponse:
        # What a customer wrote may stand in the error's text; the place where it happened does not hold it.
        place = type(error), RuntimeError("(text left out)"), error.__traceback__
        logger.error("An action failed with %s.", type(error).__name__, exc_info=place)
        return json({"error": f"The action failed with {type(error).__name__}."}, status=500)

    app.add_signal(let_in, "http.routing.before")  # before the body is read: Sanic's middleware comes after
    app.add_route(health, "/health", methods=["GET"])
    app.add_route(actions, "/actions", methods=["GET"])
    app.add_route(webhook, "/webhook", methods=["POST"])
    app.error_handler.add(SanicException, refused)
    app.error_handler.add(Exception, failed)
    return app


if __name__ == "__main__":
    sys.exit(main())

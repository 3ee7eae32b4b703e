"""How the brain calls the action server: one connection kept open, and a note of how each action ended.

Rasa swallows an action's errors and goes on, so a turn with a dead action server would look like a turn without an
answer. Every custom action passes through here, those inside forms too; so this is where failures are seen.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.brain import turn_budget
from bot.brain.rasa_patches.replaced import Replaced
from bot.contract.listed_actions import ListedAction
from bot.contract.names import ACTION_OUTCOME, checks_values
from bot.contract.outcome import REFUSED_IN_SHADOW, ActionOutcome
from bot.contract.reading import MalformedMessageError, checked
from bot.dialogue import current_turn
from bot.dialogue.current_turn import CurrentTurn, EndedAction
from bot.untrusted.json_reading import read_json

logger = logging.getLogger(__name__)

REPLACES = (
    Replaced(
        "rasa.utils.endpoints",
        "EndpointConfig.request",
        "8472a3652cf5ff4c59447ba2a6407225a0b7a47eecda20131625e080e5d957c5",
    ),
)
"""Not a patch, since every endpoint may be of a kind of its own; but Rasa's actions count on what this answers."""

PATIENCE = 15.0
"""Seconds for one action: a slow order system takes a few; the turn may last longer than this
(`turn_budget.LONGEST_TURN`), so that an action server without an answer is known for what it is."""

LARGEST_ANSWER = 1024 * 1024
"""Bytes of an action's answer: events and replies of one step; a whole dialogue state has 64 kB."""
PIECE = 64 * 1024

SLOW = 5.0
"""Seconds of one call after which a turn that runs out of time waited for the action server, not for itself."""

AWAY = frozenset({502, 503, 504})
"""What a load balancer answers in the place of an action server that is not there or gives no answer."""

NOT_RUN = frozenset({401, 403, 404, 413, 415})
"""What the action server answers before it runs an action (`bot/action_server`)."""

LIST = "actions"
"""Where the action server lists its actions, beside the address of its calls."""
PATIENCE_FOR_LIST = 2.0
"""Seconds for the list, which is read from memory; a shadow turn has 3 in all."""

KEPT_OPEN = 3.0
"""Seconds an idle connection is kept: less than the 5 after which the action server (Sanic) closes it, so that no call
goes into a connection that is being closed."""


class NotRunError(Exception):
    """An action was not run, because it must not."""


class ActionServer(EndpointConfig):
    """The action server as Rasa's actions see it."""

    _session: aiohttp.ClientSession | None = None

    @classmethod
    def at(cls, endpoint: EndpointConfig | None) -> ActionServer:
        """The same endpoint, watched; without one, every call fails with a sentence that says so."""
        if isinstance(endpoint, ActionServer):
            return endpoint
        if endpoint is None:
            return cls(None)
        # The action server learns the domain by the actions that ask for it, not with each call (DESIGN).
        kwargs = {"enable_selective_domain": True, **endpoint.kwargs}
        return cls(
            endpoint.url,
            endpoint.params,
            endpoint.headers,
            endpoint.basic_auth,
            endpoint.token,
            endpoint.token_name,
            endpoint.cafile,
            **kwargs,
        )

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Call one action; Rasa puts its name into the body as ``next_action``."""
        name = str((kwargs.get("json") or {}).get("next_action", ""))
        turn = current_turn.current()
        if turn is not None:
            if turn.shadow and not (await self._listed(name)).read_only:
                return _not_run_in_shadow(name)
            await self._may_run(turn, name)
            turn.called.append(name)
        started = time.monotonic()
        try:
            # The session is every turn's: none may be cut off in the middle of it.
            with turn_budget.not_cut():
                answer = await self._post(kwargs.get("json"))
        except ClientResponseError as error:
            if error.status in NOT_RUN:
                _has_not_run(name)
            if error.status == 400:  # Rasa's way for an action to decline; not a failure
                raise
            away = error.status in AWAY
            _note(_without_outcome(name, f"the action server answered {error.status}", away=away))
            raise
        except (aiohttp.ClientConnectionError, asyncio.TimeoutError) as error:
            if isinstance(error, aiohttp.ClientConnectorError) or not self.url:
                _has_not_run(name)
            # Without an address it is a mistake in the settings, which no waiting mends.
            _note(_without_outcome(name, type(error).__name__, away=bool(self.url)))
            raise
        except (aiohttp.ClientError, ValueError) as error:
            _note(_without_outcome(name, type(error).__name__))
            raise
        except asyncio.CancelledError:
            if time.monotonic() - started >= SLOW:
                _note(_without_outcome(name, "no answer within the turn's time", away=True))
            raise
        _note(_ended(name, answer))
        return answer

    async def must_not_run_again(self, called: Sequence[str]) -> bool | None:
        """Whether one of these actions must not run a second time; None where the action server does not say."""
        if not called:
            return False
        try:
            listed = await self._list()
        except (aiohttp.ClientError, asyncio.TimeoutError, ClientResponseError, ValueError):
            return None
        return not all(listed.get(name, ListedAction(name)).repeatable for name in called)

    async def _may_run(self, turn: CurrentTurn, name: str) -> None:
        """Raise where an action must not run: in a turn that is lost already, or a second time."""
        if any(not ended.kept_contract for ended in turn.actions) and not turn.shadow:
            # Nothing of this turn is kept, so nothing more is done for it; Rasa would go on.
            raise NotRunError(f"{name} is not run: the turn has failed")
        if turn.again and not (await self._listed(name)).repeatable:
            turn.called.append(name)
            _note(_without_outcome(name, "it may have run before, and does not say that it may run again"))
            raise NotRunError(f"{name} is not run a second time")

    async def _listed(self, name: str) -> ListedAction:
        """What the action server says of an action now; where it cannot be asked, the call has failed."""
        try:
            with turn_budget.not_cut():
                listed = await self._list()
        except (aiohttp.ClientError, asyncio.TimeoutError, ClientResponseError, ValueError) as error:
            _note(_without_outcome(name, f"no list of the actions ({type(error).__name__})", away=bool(self.url)))
            raise
        return listed.get(name, ListedAction(name))

    async def _list(self) -> dict[str, ListedAction]:
        session, timeout = self._open(), aiohttp.ClientTimeout(total=PATIENCE_FOR_LIST)
        async with session.get(urljoin(self.url, LIST), params=self.combine_parameters(), timeout=timeout) as response:
            if response.status == 404:
                return {}  # a server that says nothing of its actions
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, await _bounded(response))
            said = read_json(await _bounded(response), largest=LARGEST_ANSWER)
        listed = [checked(one, ListedAction) for one in (said if isinstance(said, list) else [])]
        return {action.name: action for action in listed}

    async def _post(self, body: Any) -> Any:
        session = self._open()
        async with session.post(self.url, json=body, params=self.combine_parameters()) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, await _bounded(response))
            body = await _bounded(response)
            return read_json(body, largest=LARGEST_ANSWER)

    def _open(self) -> aiohttp.ClientSession:
        if not self.url:
            raise aiohttp.ClientConnectionError("endpoints.yml names no action_endpoint")
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=KEPT_OPEN),
                headers=self.headers,
                timeout=aiohttp.ClientTimeout(total=PATIENCE),
                auth=self._auth(),
            )
        return self._session

    def _auth(self) -> aiohttp.BasicAuth | None:
        if not self.basic_auth:
            return None
        return aiohttp.BasicAuth(self.basic_auth["username"], self.basic_auth["password"])

    async def close(self) -> None:
        """Close the connection at the server's end."""
        if self._session is not None:
            await self._session.close()


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    """Read an answer's body, which has at most :data:`LARGEST_ANSWER` bytes."""
    read = bytearray()
    async for piece in response.content.iter_chunked(PIECE):
        read += piece
        if len(read) > LARGEST_ANSWER:
            response.close()
            raise aiohttp.ClientPayloadError(f"an action answered more than {LARGEST_ANSWER} bytes")
    return bytes(read)


def _ended(name: str, answer: Any) -> EndedAction:
    """How an action ended: well, unless it says otherwise."""
    if not isinstance(answer, dict):
        return _without_outcome(name, "its answer is no object")
    said = _outcome(answer)
    if said is None:
        return EndedAction(name, ok=True)
    # It ran to its end and may have written: the turn must not be taken again for a slip in its report.
    try:
        outcome = checked(said, ActionOutcome)
    except MalformedMessageError as error:
        return EndedAction(name, ok=False, error=f"how it ended cannot be read; {error}")
    if outcome.name != name:
        return EndedAction(name, ok=False, error="how it ended cannot be read; it names another action")
    return EndedAction(name, ok=outcome.ok, error=outcome.error)


def _not_run_in_shadow(name: str) -> dict[str, Any]:
    """The answer of an action that a shadow turn does not run; a form would take the outcome for an answer."""
    _note(EndedAction(name, ok=False, error=REFUSED_IN_SHADOW))
    value = {"name": name, "ok": False, "error": REFUSED_IN_SHADOW}
    outcome = {"event": "slot", "name": ACTION_OUTCOME, "value": value, "timestamp": None}
    return {"events": [] if checks_values(name) else [outcome], "responses": []}


def _has_not_run(name: str) -> None:
    """The call did not reach the action."""
    turn = current_turn.current()
    if turn is not None:
        turn.called.remove(name)


def _without_outcome(name: str, error: str, *, away: bool = False) -> EndedAction:
    return EndedAction(name, ok=False, error=error, kept_contract=False, away=away)


def _outcome(answer: Any) -> dict[str, Any] | None:
    """The last outcome among the events of an action."""
    events = answer.get("events") if isinstance(answer, dict) else None
    found = None
    for event in events or []:
        if isinstance(event, dict) and event.get("event") == "slot" and event.get("name") == ACTION_OUTCOME:
            found = event.get("value")
    return found if isinstance(found, dict) else None


def _note(ended: EndedAction) -> None:
    turn = current_turn.current()
    if turn is not None:
        turn.actions.append(ended)
    if not ended.kept_contract:
        logger.warning("Action %s failed: %s.", ended.name, ended.error)

"""The private channel: the only way into a brain that serves (`docs/reference/turn.md`)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import bearer, settings
from bot.brain import artefacts
from bot.brain.action_calls import ActionServer
from bot.brain.dialogue_state import BadStateError, asks_at_the_end, buttons_last_offered, restore, snapshot
from bot.brain.giving_way import GivingWay
from bot.brain.heartbeat import Heartbeat
from bot.brain.published import BadArticleRequestError, parse_wanted, published
from bot.brain.reply_collector import ReplyCollector
from bot.brain.search import BadSearchError, parse_search
from bot.brain.search import search as knowledge_search
from bot.brain.turn import BadTurnError, TurnToTake, parse_turn
from bot.brain.turn_budget import Budgeted, TurnBudget, TurnOverBudgetError
from bot.brain.turn_run import TurnRun
from bot.contract import failures
from bot.contract.failures import Failed, Failure
from bot.contract.names import ANSWERS, NONE_OF_THESE, checks_values
from bot.contract.reading import as_bytes, as_json, checked
from bot.contract.reminders import MOST_CHANGES
from bot.contract.result import TurnResult
from bot.contract.search import LARGEST_SEARCH
from bot.contract.trace import Chosen
from bot.contract.turn import LARGEST_TURN
from bot.dialogue import current_turn
from bot.dialogue.current_turn import CurrentTurn, EndedAction
from bot.dialogue.multiple_wishes import WAITING, said_once, with_unanswered
from bot.dialogue.offers import intent_of, only_offer
from bot.dialogue.replies import takes_offer
from bot.dialogue.said import said_in
from bot.dialogue.trace import trace_of
from bot.nlu.reading.choosing import NONE, chosen

logger = logging.getLogger(__name__)


class ActionFailedError(Exception):
    """A custom action failed, or did not say how it ended; the turn changes nothing."""

    def __init__(self, action: EndedAction) -> None:
        super().__init__(f"{action.name}: {action.error}")
        self.action = action


class WarmlineChannel(InputChannel):
    """Takes turns from the gateway, one request each."""

    def __init__(self, secret: str, budget: TurnBudget, heartbeat: Heartbeat | None = None) -> None:
        self._secret = secret
        self._budget = budget
        self._heartbeat = heartbeat
        self._way = GivingWay()

    @classmethod
    def name(cls) -> str:
        """Part of the address: ``/webhooks/warmline``."""
        return "warmline"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WarmlineChannel:
        """How Rasa makes a channel; the secret comes from the environment, never from a file of the project."""
        where = settings.load()
        return cls(where.brain_secret, TurnBudget(where.turn_budget))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's addresses; Rasa's own way in (``on_new_message``) answers too little and is not used."""
        channel = Blueprint("warmline_channel")

        @channel.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._turn(request)

        @channel.post("/search")
        async def search(request: Request) -> HTTPResponse:
            return await self._search(request)

        @channel.post("/article")
        async def article(request: Request) -> HTTPResponse:
            return self._article(request)

        @channel.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            if not self._knows_secret(request):
                return _wrong_secret()
            agent = _agent(request)
            if agent is None or agent.processor is None:
                return json({"ready": False, "why": failures.NO_MODEL}, status=503)
            if self._heartbeat is not None and self._heartbeat.is_late:
                return json({"ready": False, "why": failures.BUSY}, status=503)
            return json({"ready": True, "model": agent.processor.model_filename})

        return channel

    def _knows_secret(self, request: Request) -> bool:
        """Compare in constant time; without a secret of its own the channel lets nobody in."""
        return bearer.shows(request.headers.get("authorization"), self._secret)

    async def _search(self, request: Request) -> HTTPResponse:
        if not self._knows_secret(request):
            return _wrong_secret()
        if len(request.body) > LARGEST_SEARCH:
            return error_answer(413, failures.TOO_LARGE, f"A search has at most {LARGEST_SEARCH} bytes.")
        try:
            return json(await Budgeted(knowledge_search(parse_search(request.body)), self._budget))
        except TurnOverBudgetError as error:
            logger.warning("A search was cut off: %s.", error)
            return error_answer(422, failures.OVER_BUDGET, "The search took too long and was cut off.")
        except BadSearchError as error:
            return error_answer(400, failures.BAD_SEARCH, str(error))
        except artefacts.Refusal as error:
            logger.error("The knowledge cannot be searched: %s", error)
            return error_answer(503, failures.NO_INDEX, "There is no knowledge index.")

    def _article(self, request: Request) -> HTTPResponse:
        if not self._knows_secret(request):
            return _wrong_secret()
        try:
            return json(published(parse_wanted(request.body)))
        except BadArticleRequestError as error:
            return error_answer(400, failures.BAD_ARTICLE, str(error))
        except artefacts.Refusal as error:
            logger.error("No article can be read: %s", error)
            return error_answer(503, failures.NO_INDEX, "There is no knowledge index.")

    async def _turn(self, request: Request) -> HTTPResponse:
        if not self._knows_secret(request):
            return _wrong_secret()
        if len(request.body) > LARGEST_TURN:
            return error_answer(413, failures.TOO_LARGE, f"A turn has at most {LARGEST_TURN} bytes.")
        try:
            turn = parse_turn(request.body)
        except BadTurnError as error:
            return error_answer(400, failures.BAD_TURN, str(error))
        agent = _agent(request)
        if agent is None or agent.processor is None:
            return error_answer(503, failures.NO_MODEL, "No model is loaded.")
        if turn.sent.shadow:
            if not await self._way.give_way():
                return error_answer(503, failures.BUSY, "Customers have turns here; nobody waits for a shadow turn.")
            return await _answer_to(agent, turn, self._budget)
        with self._way.customer():
            return await _answer_to(agent, turn, self._budget)


async def _answer_to(agent: Agent, turn: TurnToTake, budget: TurnBudget) -> HTTPResponse:
    taken = CurrentTurn(shadow=turn.sent.shadow, again=turn.sent.again)
    try:
        budgeted = Budgeted(take_turn(agent, turn, taken), budget)
        result = await budgeted
        assert result.trace is not None, "a turn that was taken has a trace"
        result.trace["milliseconds"]["computed"] = round(budgeted.computed * 1000, 1)
        return HTTPResponse(as_bytes(result), content_type="application/json")
    except (BadTurnError, BadStateError) as error:
        return error_answer(400, failures.BAD_TURN, str(error))
    except ActionFailedError as error:
        return await _failed_action(agent, taken, error.action)
    except TurnOverBudgetError as error:
        logger.warning("Turn %s: %s.", turn.sent.message_id, error)
        away = next((action for action in taken.actions if action.away), None)
        if away is not None and not turn.sent.shadow:
            return await _failed_action(agent, taken, away)
        acted = any(not checks_values(name) for name in taken.called)
        return error_answer(422, failures.OVER_BUDGET, "The turn took too long and was cut off.", acted=acted)
    except Exception as error:
        # What a customer wrote may stand in the error's text; the place where it happened does not hold it.
        logger.error("Turn %s failed: %s", turn.sent.message_id, type(error).__name__, exc_info=_place_only(error))
        what = f"The turn failed with {type(error).__name__}."
        return error_answer(500, failures.BRAIN_FAILED, what, acted=await _acted(agent, taken))


async def _failed_action(agent: Agent, taken: CurrentTurn, action: EndedAction) -> HTTPResponse:
    status, code = (503, failures.ACTIONS_AWAY) if action.away else (502, failures.ACTION_FAILED)
    acted = await _acted(agent, taken)
    return error_answer(status, code, f"{action.name}: {action.error}", action=action.name, acted=acted)


async def _acted(agent: Agent, taken: CurrentTurn) -> bool | None:
    """Whether an action has run that must not run again."""
    endpoint = agent.action_endpoint
    return await endpoint.must_not_run_again(taken.called) if isinstance(endpoint, ActionServer) else False


async def take_turn(agent: Agent, turn: TurnToTake, taken: CurrentTurn) -> TurnResult:
    """Take one turn; raises :class:`ActionFailedError`, :class:`BadStateError`, or whatever a bug raises.

    ``taken`` is empty at first and belongs to this turn: it tells what happened even if the turn is cut off.
    """
    processor = agent.processor
    _watch_actions(agent, processor)
    if turn.is_payload:
        _check_payload(turn, processor)
    lent = (
        restore(turn.sent.state, turn.sent.conversation_id, processor.domain) if turn.sent.state is not None else None
    )
    turn, chose = _typed_choice(turn, lent, processor)
    taken.lent = lent
    current_turn.begin(taken)
    run = TurnRun(processor, turn, taken, ReplyCollector(turn.sent.channel))
    try:
        await run.run()
    except Exception:
        _raise_failed_action(taken)
        raise
    _raise_failed_action(taken)
    said = said_in(said_once(run.collector.messages))
    if not said.replies and said.handoff is None:
        logger.warning("Turn %s ended without a reply.", turn.sent.message_id)
    state = turn.sent.state if turn.sent.shadow else snapshot(taken.tracker)
    if run.waiting and not turn.sent.shadow:
        state = {**(state or {}), WAITING: run.waiting}
    trace = trace_of([part.heard for part in run.done], taken, said.replies, processor.model_filename)
    if chose is not None:
        trace.chose = checked(chose, Chosen)
    return TurnResult(
        message_id=turn.sent.message_id,
        replies=list(said.replies),
        handoff=with_unanswered(said.handoff, run.unanswered) if said.handoff is not None else None,
        state=state,
        reminders=taken.reminders[:MOST_CHANGES],
        trace=as_json(trace),
    )


def _typed_choice(
    turn: TurnToTake, lent: DialogueStateTracker | None, processor: MessageProcessor
) -> tuple[TurnToTake, dict[str, str] | None]:
    """Turn what was typed for an offer ("the second one", yes to a single offer) into its button; also say which."""
    if turn.is_payload or lent is None:
        return turn, None
    offered = buttons_last_offered(lent)
    # A form offers visits and the like, and knows itself what "the second one" is.
    place = None if lent.active_loop_name else chosen(turn.text, [button["title"] for button in offered])
    if place is None and takes_offer(turn.text, asked=asks_at_the_end(lent)):
        place = only_offer([button["payload"] for button in offered])
        if place is not None and lent.active_loop_name and intent_of(offered[place]["payload"]) in ANSWERS:
            return turn, None
    if place is None:
        return turn, None
    button = {"title": "", "payload": f"/{NONE_OF_THESE}"} if place == NONE else offered[place]
    known = button["payload"][1:].partition("{")[0].strip() in processor.domain.intents
    if not button["payload"].startswith("/") or not known:
        return turn, None
    return replace(turn, text=button["payload"], is_payload=True), button


def _raise_failed_action(taken: CurrentTurn) -> None:
    for action in taken.actions:
        # In a shadow turn an action that writes refuses to run, and that is as it should be.
        if not action.kept_contract and not taken.shadow:
            raise ActionFailedError(action)


def _check_payload(turn: TurnToTake, processor: MessageProcessor) -> None:
    """Refuse the payload of an unknown intent, which Rasa would read as text: it is a bug of the caller."""
    intent = turn.text[1:].partition("{")[0].partition("@")[0].strip()
    if intent not in processor.domain.intents:
        raise BadTurnError('"input" names an intent that the model does not know.')


def _watch_actions(agent: Agent, processor: MessageProcessor) -> None:
    """See each call of the action server, whoever started this brain (`bot.brain.serve` or `rasa run`)."""
    if not isinstance(processor.action_endpoint, ActionServer):
        agent.action_endpoint = processor.action_endpoint = ActionServer.at(processor.action_endpoint)


def _agent(request: Request) -> Agent | None:
    return getattr(request.app.ctx, "agent", None)


def _place_only(error: Exception) -> tuple[type[BaseException], BaseException, Any]:
    return type(error), RuntimeError("(text left out)"), error.__traceback__


def _wrong_secret() -> HTTPResponse:
    return error_answer(401, failures.WRONG_SECRET, "The Authorization header does not hold the brain's secret.")


def error_answer(
    status: int, code: str, message: str, *, action: str | None = None, acted: bool | None = None
) -> HTTPResponse:
    """An error answer, in the one form that all of them have."""
    return json(as_json(Failed(Failure(code, message, action, acted))), status=status)

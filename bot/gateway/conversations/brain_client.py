"""Asks the brain to take a turn, and says how that went; see ``docs/reference/turn.md``."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from bot.contract import failures, schemas
from bot.contract import result as wire
from bot.contract.failures import Failed, Failure
from bot.contract.reading import MalformedMessageError, as_bytes, as_json, checked, json_object, read
from bot.contract.reminders import ReminderChange
from bot.contract.result import LARGEST_RESULT, TurnResult
from bot.contract.search import Article, ArticleRequest, ArticleResult, Search, SearchResult
from bot.contract.search import Found as PassageFound
from bot.contract.trace import Trace
from bot.contract.turn import Turn
from bot.gateway.conversations.formatting import MARKDOWN, PAGES, formatted
from bot.gateway.conversations.payloads import Choice
from bot.gateway.platform import bounded_answers
from bot.gateway.platform.bounded_answers import AnswerTooLongError
from bot.untrusted.addresses import may_be_shown

log = logging.getLogger(__name__)

# A turn takes milliseconds; one that takes longer waits for a company's slow system, or is lost.
TURN_TIMEOUT = 20.0
CONNECT_TIMEOUT = 2.0
READY_TIMEOUT = 1.0
SEARCH_TIMEOUT = 3.0
# A suggestion that an agent waits longer for than this is one they have written themselves.
SHADOW_TIMEOUT = 3.0
SHADOW_PATIENCE = 2.0
# A wrong secret is said in the log this often, in seconds: once for each attempt would bury everything else.
_COMPLAIN_EVERY = 30.0

_JSON = {"Content-Type": "application/json"}

BrainState = Literal["ready", "loading", "away"]


@dataclass(frozen=True)
class Reply:
    """One message of the bot."""

    text: str
    """Plain words, whoever shows them."""
    choices: tuple[Choice, ...] = ()
    citation: Mapping[str, Any] | None = None
    formatted: str | None = None
    """The same in the subset of Markdown that pages draw; none where it has no structure."""


@dataclass(frozen=True)
class TurnTaken:
    """The brain took the turn (``turn-result/1``)."""

    replies: tuple[Reply, ...]
    handoff: Mapping[str, Any] | None
    """A ``handoff-request/1``, as it came."""
    state: Mapping[str, Any] | None
    trace: Mapping[str, Any]
    reminders: tuple[ReminderChange, ...] = ()


@dataclass(frozen=True)
class BrainAway:
    """The brain or its action server is away, still loading, or refuses our secret: the message waits."""

    why: str
    action: str | None = None
    """The action that could not be called."""
    acted: bool | None = False
    """Whether an action ran that must not run again; None where nobody knows."""


@dataclass(frozen=True)
class BrainLost:
    """The brain got the turn and never answered: it died or hangs, perhaps because of the message: three tries."""

    why: str


@dataclass(frozen=True)
class TurnOverBudget:
    """The brain cut the turn off: the same message would be cut off again."""

    acted: bool
    """Whether an action ran before, which may have written something."""


@dataclass(frozen=True)
class BrainFailed:
    """The brain, or one of its actions, failed: a few more tries."""

    why: str
    action: str | None = None
    acted: bool | None = None
    """As of :class:`BrainAway`."""


@dataclass(frozen=True)
class TurnRefused:
    """The brain will never take this turn: trying again is no use."""

    why: str


@dataclass(frozen=True)
class Found:
    """A passage of the knowledge as an agent finds it (``search-result/1``)."""

    article: str
    title: str
    heading: str
    url: str
    public: bool
    """Whether a customer may read it."""
    score: float
    text: str
    """Plain words."""
    format: str | None = None
    formatted: str | None = None
    """The same in the format that ``format`` names."""


TurnOutcome = TurnTaken | BrainAway | BrainLost | BrainFailed | TurnOverBudget | TurnRefused


class BrainClient:
    """Calls one brain, or the load balancer before several."""

    def __init__(
        self, url: str, secret: str, *, public_url: str = "", transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._public_url = public_url
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {secret}"},
            timeout=httpx.Timeout(TURN_TIMEOUT, connect=CONNECT_TIMEOUT),
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=15),
            # The brain is on a private network: a proxy of the environment is not for it.
            trust_env=False,
            transport=transport,
        )
        self._complained_at = float("-inf")
        self._turns = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def take_turn(self, turn: Turn) -> TurnOutcome:
        """Send one turn and wait for its end; never raises for what the brain does."""
        self._turns += 1
        self._idle.clear()
        try:
            return await self._take_turn(turn)
        finally:
            self._turns -= 1
            if self._turns == 0:
                self._idle.set()

    async def think(self, turn: Turn) -> TurnTaken | None:
        """Take a shadow turn once no customer waits for one; None when that lasts too long, or the brain has no answer.

        A brain takes its turns one after another: a shadow turn that began behind this gateway's turns delays none of
        them, and one that comes too late helps nobody.
        """
        assert turn.shadow, "only a shadow turn may be dropped"
        if not await self._is_idle():
            return None
        outcome = await self._take_turn(turn, SHADOW_TIMEOUT)
        return outcome if isinstance(outcome, TurnTaken) else None

    async def search(self, query: str, limit: int, *, in_the_background: bool = False) -> tuple[Found, ...] | None:
        """Search the articles of all audiences, best first; None when the brain is away.

        ``in_the_background``: after the customers' turns, as :meth:`think`.
        """
        if in_the_background and not await self._is_idle():
            return None
        try:
            response = await self._post("search", Search(query, limit), SEARCH_TIMEOUT)
        except (httpx.HTTPError, AnswerTooLongError):
            return None
        if response.status_code == 401:
            self._complain()
        return _found(response, self._public_url) if response.status_code == 200 else None

    async def article(self, article_id: str) -> Article | Literal["unknown", "away"]:
        """Fetch an article that everybody may read; ``unknown`` for any other."""
        try:
            response = await self._post("article", ArticleRequest(article_id), SEARCH_TIMEOUT)
        except (httpx.HTTPError, AnswerTooLongError):
            return "away"
        if response.status_code == 401:
            self._complain()
        return _published(response) if response.status_code == 200 else "away"

    async def _is_idle(self) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(SHADOW_PATIENCE):
                await self._idle.wait()
        return self._idle.is_set()

    async def _take_turn(self, turn: Turn, timeout: float = TURN_TIMEOUT) -> TurnOutcome:
        try:
            response = await self._post("turn", turn, timeout)
        except AnswerTooLongError:
            return BrainFailed("result_too_large")
        except (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError) as error:
            return BrainLost(f"no answer ({type(error).__name__})")
        except httpx.TransportError as error:
            # Not connected, or not wholly sent: no brain has begun this turn.
            return BrainAway(f"not reached ({type(error).__name__})")
        if response.status_code == 200:
            return _taken(response, self._public_url)
        return self._not_taken(response)

    async def _post(self, to: str, message: Turn | Search | ArticleRequest, timeout: float) -> httpx.Response:
        limits = httpx.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT))
        return await bounded_answers.request(
            self._http,
            "POST",
            f"/webhooks/warmline/{to}",
            largest=LARGEST_RESULT,
            within=timeout + CONNECT_TIMEOUT,
            timeout=limits,
            content=as_bytes(message),
            headers=_JSON,
        )

    async def state(self) -> BrainState:
        """Ask whether the brain could take a turn now."""
        try:
            response = await bounded_answers.request(
                self._http,
                "GET",
                "/webhooks/warmline/ready",
                largest=LARGEST_RESULT,
                within=2 * READY_TIMEOUT,
                timeout=READY_TIMEOUT,
            )
        except (httpx.HTTPError, AnswerTooLongError):
            return "away"
        if response.status_code == 200:
            return "ready"
        if response.status_code == 401:
            self._complain()
            return "away"
        return "loading"

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def _not_taken(self, response: httpx.Response) -> TurnOutcome:
        failure = _failure_of(response)
        code, action = failure.code, failure.action
        match response.status_code:
            case 422 if code == failures.OVER_BUDGET:
                # Where the brain does not say whether an action ran, one may have.
                return TurnOverBudget(acted=failure.acted is not False)
            case 503 if code == failures.ACTIONS_AWAY:
                return BrainAway(code, action, failure.acted)
            case 504:
                # A load balancer's word for a brain that got the turn and gave no answer.
                return BrainLost(code)
            case 401:
                self._complain()
                return BrainAway(failures.WRONG_SECRET)
            case 503 | 404 | 502 if action is None and code != failures.ACTION_FAILED:
                # 404 and a bare 502 are a load balancer's, or a server that has not mounted its channel yet; behind a
                # 502 the brain may have ended in the middle of the turn.
                return BrainAway(code, acted=None if response.status_code == 502 else False)
            case 400 | 413:
                return TurnRefused(code)
            case _:
                return BrainFailed(code, action, failure.acted)

    def _complain(self) -> None:
        if time.monotonic() - self._complained_at > _COMPLAIN_EVERY:
            self._complained_at = time.monotonic()
            log.error(
                "the brain refuses our secret: set the same WARMLINE_BRAIN_SECRET for gateway and brain; "
                "customers' messages wait meanwhile"
            )


def _failure_of(response: httpx.Response) -> Failure:
    """What the brain says went wrong; an answer of something else before it bears its status alone."""
    try:
        return read(response.content, Failed, largest=LARGEST_RESULT).error
    except MalformedMessageError:
        return Failure(f"status_{response.status_code}")


def _taken(response: httpx.Response, public_url: str) -> TurnTaken | BrainFailed:
    try:
        data = json_object(response.content, largest=LARGEST_RESULT)
        if data.get("schema") != schemas.TURN_RESULT:
            return BrainFailed("unknown_result")
        result = checked(data, TurnResult)
        # Kept as it came, with what a newer brain adds; what is read of it later is what the contract says.
        checked(result.trace or {}, Trace)
    except MalformedMessageError as error:
        log.error("the brain's result is malformed: %s", error)
        return BrainFailed("malformed_result")
    return TurnTaken(
        replies=tuple(_reply(reply, public_url) for reply in result.replies),
        handoff=result.handoff,
        state=result.state,
        trace=result.trace or {},
        reminders=tuple(result.reminders),
    )


def _found(response: httpx.Response, public_url: str) -> tuple[Found, ...] | None:
    try:
        result = read(response.content, SearchResult, largest=LARGEST_RESULT)
    except MalformedMessageError as error:
        log.error("the brain's search result is malformed: %s", error)
        return None
    return tuple(_passage(one, public_url) for one in result.results)


def _published(response: httpx.Response) -> Article | Literal["unknown", "away"]:
    try:
        article = read(response.content, ArticleResult, largest=LARGEST_RESULT).article
    except MalformedMessageError as error:
        log.error("the brain's article is malformed: %s", error)
        return "away"
    return "unknown" if article is None else article


def _passage(one: PassageFound, public_url: str) -> Found:
    said = formatted(one.text, one.format, public_url)
    return Found(
        article=one.article,
        title=one.title,
        heading=one.heading,
        # Only public articles have a page of ours: a link to any other would be dead.
        url="" if not one.public and one.url.startswith(PAGES) else one.url,
        public=one.public,
        score=one.score,
        text=said.plain,
        format=None if said.markdown is None else MARKDOWN,
        formatted=said.markdown,
    )


def _reply(reply: wire.Reply, public_url: str) -> Reply:
    citation = None if reply.citation is None else as_json(reply.citation)
    if citation is not None and not may_be_shown(citation["url"] or ""):
        citation["url"] = ""
    said = formatted(reply.text or "", reply.format, public_url)
    choices = tuple(Choice(choice.title, choice.payload) for choice in reply.choices or ())
    return Reply(said.plain, choices, citation, said.markdown)

"""Telegram: updates come in by a webhook, messages go out by the Bot API (https://core.telegram.org/bots/api).

python -m bot.gateway.channels.telegram set-webhook     tells Telegram where the webhook is, and its secret
"""

from __future__ import annotations

import hmac
import logging
import re
from dataclasses import dataclass, replace
from typing import Any

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.errors import SettingError, WarmlineError
from bot.gateway.channels import telegram_inbound
from bot.gateway.channels.protocol import NotNow, OutboundMessage, Pace, Refused, SendResult, Sent
from bot.gateway.channels.services import ChannelServicesOfRequest
from bot.gateway.channels.telegram_updates import ALLOWED_UPDATES, Membership, read_update
from bot.gateway.conversations.formatting import from_outside
from bot.gateway.conversations.payloads import UnknownChoiceError
from bot.gateway.platform import bounded_answers, origin
from bot.gateway.platform.body_limit import LARGEST_WEBHOOK
from bot.gateway.platform.bounded_answers import AnswerTooLongError, json_of
from bot.gateway.platform.errors import Problem
from bot.gateway.platform.limits import LimitReachedError
from bot.settings import Settings
from bot.untrusted.addresses import is_web_address
from bot.untrusted.json_reading import NotJsonError, read_json
from bot.wording.catalogue import Catalogue
from bot.wording.files import product_catalogue
from bot.wording.sentences import wording

log = logging.getLogger(__name__)

NAME = "telegram"
WEBHOOK = "/channels/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name

# sendMessage: 1 to 4,096 characters, counted, as everywhere in Telegram, in UTF-16 code units
# (https://core.telegram.org/api/entities#entity-length).
LONGEST_TEXT = 4096
# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
PACE = Pace(between_messages=1.0, a_second=30.0)
# Telegram answers within a second or two; a process that waits longer only holds its conversation up.
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
# In all, also where the answer drips.
LONGEST_CALL = 20.0
# An answer holds the message that was sent, 4,096 UTF-16 units, each at most six bytes in JSON, and its buttons.
LARGEST_ANSWER = 256 * 1024
# An update holds a message of as many units, the one that it answers, and 100 entities and their addresses for each:
# about 200 kB. Telegram publishes no limit; what it cannot deliver holds back every customer behind it.
LARGEST_UPDATE = LARGEST_WEBHOOK
# A wrong token or a closed bot is fixed by a person, not by trying every second.
_MISCONFIGURED_PAUSE = 60.0
_LONGEST_ASKED_PAUSE = 86_400.0
# Telegram's own rule for secret_token.
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")

NOTHING_TO_SAY = wording("choice.please_choose")
UNKNOWN_CHOICE = wording("choice.expired_briefly")


class Telegram:
    """One bot at Telegram, as a :class:`~bot.gateway.channels.protocol.MessagingChannel`."""

    name = NAME
    pace = PACE

    def __init__(self, settings: Settings, catalogue: Catalogue | None = None) -> None:
        if not settings.telegram_token:
            raise SettingError("WARMLINE_TELEGRAM_TOKEN is missing: set it to the token that @BotFather gave.")
        if not _SECRET.fullmatch(settings.telegram_secret):
            raise SettingError(
                "WARMLINE_TELEGRAM_SECRET is missing or wrong: set it to 32 to 256 letters, digits, _ or -, at random."
            )
        self.account = "default"
        self._wording = catalogue or product_catalogue()
        self.router = _router(settings.telegram_secret.encode())
        self._public_url = settings.public_url
        self._client = httpx.AsyncClient(
            base_url=f"{settings.telegram_api}/bot{settings.telegram_token}/", timeout=TIMEOUT
        )

    def parts(self, message: OutboundMessage) -> tuple[OutboundMessage, ...]:
        """Cut what a customer reads into messages of 4,096 UTF-16 units at most; the buttons go below the last."""
        texts = split(_readable(message, self._public_url)) or (self._only_choices(message))
        last = len(texts) - 1
        return tuple(
            replace(message, text=text, citation=None, author_name=None, buttons=message.buttons if at == last else ())
            for at, text in enumerate(texts)
        )

    def _only_choices(self, message: OutboundMessage) -> tuple[str, ...]:
        # Telegram takes no message without a text.
        return (self._wording.say(NOTHING_TO_SAY, message.locale),) if message.buttons else ()

    async def send(self, message: OutboundMessage) -> SendResult:
        """Send one part and say what Telegram made of it."""
        data: dict[str, Any] = {
            "chat_id": message.address,
            "text": message.text,
            "link_preview_options": {"is_disabled": True},
        }
        if message.buttons:
            rows = [[{"text": button.title, "callback_data": button.token}] for button in message.buttons]
            data["reply_markup"] = {"inline_keyboard": rows}
        answer = await self._call("sendMessage", data)
        if isinstance(answer, NotNow):
            return answer
        if answer.ok:
            return Sent(str(answer.result.get("message_id", "")) or None)
        return _refusal(answer)

    async def show_typing(self, address: str) -> None:
        """Show "typing…" in the chat for a few seconds."""
        await self._call("sendChatAction", {"chat_id": address, "action": "typing"})

    async def set_webhook(self, url: str, secret: str) -> None:
        """Tell Telegram where updates go; :class:`~bot.errors.WarmlineError` when it does not want to."""
        data = {"url": url, "secret_token": secret, "allowed_updates": list(ALLOWED_UPDATES)}
        answer = await self._call("setWebhook", data)
        if isinstance(answer, NotNow):
            raise WarmlineError(f"Telegram did not answer: {answer.why}.")
        if not answer.ok:
            raise WarmlineError(f"Telegram refused the webhook {url}: {answer.description}.")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _call(self, method: str, data: dict[str, Any]) -> _Answer | NotNow:
        # The address holds the token: no exception of httpx may reach a log with it.
        try:
            response = await bounded_answers.request(
                self._client, "POST", method, largest=LARGEST_ANSWER, within=LONGEST_CALL, json=data
            )
        except AnswerTooLongError:
            return NotNow(0, "Telegram's answer was too long", maybe_sent=True)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return NotNow(0, f"Telegram cannot be reached ({type(error).__name__})")
        except httpx.HTTPError as error:
            return NotNow(0, f"the connection to Telegram ended ({type(error).__name__})", maybe_sent=True)
        try:
            body = json_of(response)
        except NotJsonError:
            body = {}
        return _Answer.of(response.status_code, body if isinstance(body, dict) else {})


@dataclass(frozen=True)
class _Answer:
    """The Bot API's answer: https://core.telegram.org/bots/api#making-requests."""

    status: int
    ok: bool
    result: dict[str, Any]
    description: str
    retry_after: float

    @classmethod
    def of(cls, status: int, body: dict[str, Any]) -> _Answer:
        result, parameters = body.get("result"), body.get("parameters")
        retry_after = parameters.get("retry_after") if isinstance(parameters, dict) else None
        return cls(
            status,
            status == 200 and body.get("ok") is True,
            result if isinstance(result, dict) else {},
            str(body.get("description") or f"HTTP {status}"),
            # A pause that Telegram asks for, and no more than a day: a larger number is none that it means.
            min(float(retry_after), _LONGEST_ASKED_PAUSE) if isinstance(retry_after, int | float) else 0.0,
        )


def _refusal(answer: _Answer) -> NotNow | Refused:
    why = answer.description
    if answer.status == 429:
        return NotNow(max(answer.retry_after, 1.0), why)
    if answer.status == 403 or (answer.status == 400 and "chat not found" in why.lower()):
        return Refused(why, customer_gone=True)
    if answer.status in (401, 404):
        log.error("Telegram does not know our token: set WARMLINE_TELEGRAM_TOKEN to the one that @BotFather gave")
        return NotNow(_MISCONFIGURED_PAUSE, why)
    if 400 <= answer.status < 500:
        return Refused(why)
    return NotNow(0, why)


def split(text: str) -> tuple[str, ...]:
    """Cut a text into pieces of at most 4,096 UTF-16 units, at a line's end or a space where there is one."""
    pieces = []
    text = text.strip()
    while text:
        end = _units(text, LONGEST_TEXT)
        if end < len(text):
            cut = max(text.rfind("\n", 0, end + 1), 0) or max(text.rfind(" ", 0, end + 1), 0)
            # A break near the beginning would leave a crumb; better a word in two.
            end = cut if cut > end // 2 else end
        pieces.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return tuple(pieces)


def _units(text: str, most: int) -> int:
    """How many leading characters take at most ``most`` UTF-16 units."""
    if len(text) * 2 <= most:
        return len(text)
    for at, character in enumerate(text):
        most -= 2 if ord(character) > 0xFFFF else 1
        if most < 0:
            return at
    return len(text)


def _readable(message: OutboundMessage, public_url: str) -> str:
    text = message.text.strip()
    if message.author == "human" and message.author_name:
        text = f"{message.author_name}: {text}"
    if message.citation is not None:
        link = from_outside(message.citation.url, public_url)
        link = link if is_web_address(link) else ""
        text += f"\n\n{message.citation.title}{link and f': {link}'}"
    return text


def _router(secret: bytes) -> APIRouter:
    router = APIRouter(tags=["Telegram"])

    @router.post(WEBHOOK, summary="Updates from Telegram")
    async def webhook(request: Request, services: ChannelServicesOfRequest) -> JSONResponse:
        """Store one update, then answer 200; anything else makes Telegram bring it again, and those behind it wait."""
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, secret):
            raise Problem(401, "wrong_secret", "The secret token is missing or wrong.")
        try:
            update = read_json(await request.body(), largest=LARGEST_UPDATE)
        except NotJsonError as error:
            raise Problem(400, "bad_request", str(error)) from error
        except HTTPException as error:
            if error.status_code != 413:
                raise
            # Refused, it would come again and again, and those behind it would wait.
            log.error("an update of more than %d bytes was dropped", LARGEST_UPDATE)
            return JSONResponse({})
        event = read_update(update)
        answer: dict[str, Any] = {}
        if event is None:
            log.info("an update of a kind that has no use here: %s", _kind(update))
        elif isinstance(event, Membership):
            await services.database.run(telegram_inbound.change_membership, event)
        else:
            if event.callback_id is not None:
                # An answer may carry one call of the Bot API (core.telegram.org/bots/api#making-requests-when-getting-
                # updates): the button stops turning, without a request of our own.
                answer = {"method": "answerCallbackQuery", "callback_query_id": event.callback_id}
            where = origin.of_telegram(services.origin_key, event.chat_id)
            try:
                await services.database.run(telegram_inbound.store, services, event, where)
            except UnknownChoiceError:
                answer["text"] = services.wording.say(UNKNOWN_CHOICE, event.locale)
            except LimitReachedError:
                # 200 all the same: Telegram would bring it again and again, and those behind it would wait.
                log.info("an update beyond the limits of its sender was not taken")
                await services.database.run(telegram_inbound.say_too_fast, services, event, where)
        return JSONResponse(answer)

    return router


def _kind(update: Any) -> str:
    return ", ".join(key for key in update if key != "update_id")[:100] if isinstance(update, dict) else "no object"


async def connect(settings: Settings) -> str:
    """Tell Telegram where the webhook is; answers its address. Raises :class:`~bot.errors.WarmlineError`."""
    channel = Telegram(settings)
    url = settings.public_url + WEBHOOK
    try:
        await channel.set_webhook(url, settings.telegram_secret)
    finally:
        await channel.close()
    return url

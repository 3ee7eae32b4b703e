"""One HTTP call to an outside desk, and what its answer means for the relay."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from bot.gateway.channels.protocol import NotNow, Refused
from bot.gateway.platform import bounded_answers
from bot.gateway.platform.bounded_answers import AnswerTooLongError, json_of
from bot.untrusted.json_reading import NotJsonError

log = logging.getLogger(__name__)

# A desk answers within a second; the relay has other cases to bring.
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
# In all, also where the answer drips.
LONGEST_CALL = 20.0
# Chatwoot lists the 20 newest messages of a conversation, each with at most 150,000 characters; ours have 4,000.
LARGEST_ANSWER = 1024 * 1024
# A wrong token or address is fixed by a person, not by trying every second.
_MISCONFIGURED_PAUSE = 60.0
_LONGEST_ASKED_PAUSE = 600.0


@dataclass(frozen=True)
class Answer:
    """A 2xx: the body as JSON, or none."""

    body: Any


async def call(
    client: httpx.AsyncClient,
    desk: str,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    content: bytes | None = None,
) -> Answer | NotNow | Refused:
    """Make the call; whatever goes wrong is an answer, never an exception, and holds no text of customers."""
    try:
        response = await bounded_answers.request(
            client,
            method,
            path,
            largest=LARGEST_ANSWER,
            within=LONGEST_CALL,
            headers=headers,
            json=json,
            content=content,
        )
    except AnswerTooLongError as error:
        # What was to be done there is done or not, as the status says; only its words are lost.
        log.warning("%s answered more than %d bytes", desk, LARGEST_ANSWER)
        response = httpx.Response(error.status)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        return NotNow(0, f"{desk} cannot be reached ({type(error).__name__})")
    except httpx.HTTPError as error:
        return NotNow(0, f"the connection to {desk} ended ({type(error).__name__})", maybe_sent=True)
    status = response.status_code
    if 200 <= status < 300:
        try:
            return Answer(json_of(response))
        except NotJsonError:
            return Answer(None)
    why = f"{desk} answered {status}"
    if status == 429:
        return NotNow(_asked_pause(response), why)
    if status in (401, 403):
        log.error("%s does not accept our secret: see docs/outside-desks.md", desk)
        return NotNow(_MISCONFIGURED_PAUSE, why)
    if status == 408 or status >= 500:
        return NotNow(_asked_pause(response) if status == 503 else 0, why, maybe_sent=status != 503)
    return Refused(why, status=status)


def _asked_pause(response: httpx.Response) -> float:
    """Read Retry-After in seconds; its other form, a date, is left to the relay's own pauses."""
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_ASKED_PAUSE) if asked.isascii() and asked.isdigit() else 1.0

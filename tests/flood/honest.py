"""The honest customer: ten plain questions, one after the other, and what a right answer says."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import httpx

from actions.shop.seed import DEMO_ORDERS
from bot.visitor import Visitor

# An address of loopback that no hostile visitor has.
ADDRESS = "127.0.1.1"
# Between an answer and the next question: nobody reads faster.
READING_SECONDS = 0.5

_ORDER = DEMO_ORDERS[0]


@dataclass(frozen=True)
class Question:
    """A message and the words that stand in its right answer."""

    text: str
    right: str


QUESTIONS = (
    Question("What time do you open on Sunday?", "11am to 5pm"),
    Question("How much does standard delivery cost?", "free for orders of £500 or more"),
    Question("Are the shops open on Boxing Day?", "10am to 5pm"),
    Question(f"Track my order {_ORDER.number}, postcode {_ORDER.postcode}", "is out for delivery today"),
    Question("How long do I have to send something back?", "within 30 days"),
    Question("Is parking at your York store free?", "free for two hours"),
    Question("Do you offer same-day delivery?", "no same-day delivery"),
    Question("Can I move my delivery to another day?", "free of charge until 6pm on the day before"),
    Question("How much does a technician visit cost?", "free within the two-year warranty"),
    Question("Which cities have a Larkfield store?", "Leeds, York, Sheffield, Manchester, Newcastle and Nottingham"),
)


@dataclass(frozen=True)
class Heard:
    """What came of one question."""

    question: str
    seconds: float
    """From the sending to the bot's answer; what was waited when there was none."""
    answer: str | None
    right: bool
    refused: bool = False


@dataclass(frozen=True)
class Talk:
    """The whole conversation."""

    conversation_id: str | None
    """None when the gateway would not even open one."""
    heard: tuple[Heard, ...]

    @property
    def answered(self) -> int:
        """Questions with an answer, right or not."""
        return sum(one.answer is not None for one in self.heard)

    @property
    def not_right(self) -> list[tuple[str, str | None]]:
        """The questions whose answer was wrong or did not come, with what came."""
        return [(one.question, one.answer) for one in self.heard if not one.right]


async def ask_all(url: str, patience: float, address: str = ADDRESS) -> Talk:
    """Ask the ten questions; at most ``patience`` seconds in all, and what was not asked by then was not answered."""
    deadline = time.monotonic() + patience
    transport = httpx.AsyncHTTPTransport(local_address=address, verify=False)  # no TLS on loopback
    async with httpx.AsyncClient(base_url=url, transport=transport, timeout=patience, trust_env=False) as client:
        try:
            visitor = await asyncio.wait_for(Visitor.arrive(client), patience)
        except (httpx.HTTPError, asyncio.TimeoutError) as error:
            refused = isinstance(error, httpx.HTTPStatusError)
            return Talk(None, tuple(Heard(one.text, patience, None, False, refused) for one in QUESTIONS))
        heard = []
        for question in QUESTIONS:
            heard.append(await _ask(visitor, question, deadline))
            await asyncio.sleep(READING_SECONDS)
        return Talk(visitor.conversation_id, tuple(heard))


async def _ask(visitor: Visitor, question: Question, deadline: float) -> Heard:
    start = time.monotonic()
    said: list[str] = []
    refused = False
    try:
        seq = await asyncio.wait_for(visitor.say(question.text), max(deadline - start, 0))
        while not said:
            answer = await visitor.answer_to(seq, max(deadline - time.monotonic(), 0))
            seq = answer["seq"]
            if answer["author"] == "bot":
                said.append(answer["text"])
    except httpx.HTTPStatusError:
        refused = True
    except (httpx.HTTPError, asyncio.TimeoutError, TimeoutError):
        pass
    seconds = time.monotonic() - start
    answer_text = said[0] if said else None
    return Heard(question.text, seconds, answer_text, question.right in (answer_text or ""), refused)

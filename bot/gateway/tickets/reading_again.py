"""What says too little alone is read once more, with what the customer wrote before it in this wait.

Values belong to the wish that was told before them, a few words without a question mark to the question that was
answered just before, and "it's only to find out when it comes" asks when it comes. Each costs one more shadow turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from bot.contract import names
from bot.contract.turn import TextInput, Turn
from bot.gateway.tickets.thought import Thought
from bot.nlu.reading.fragment import content_of, goes_on_asking
from bot.nlu.reading.own_question import asks_of_its_own
from bot.nlu.reading.told_wish import wish_told

MOST_EARLIER = 3
"""Messages before this one among which a wish is looked for."""


@dataclass(frozen=True)
class Written:
    """A message of the customer's own."""

    message_id: str
    text: str


@dataclass(frozen=True)
class Told:
    """The question that was answered in the queue last, where nothing has been said since."""

    question: str
    article: str
    words: str
    """The answer as the customer read it."""


@dataclass(frozen=True)
class Again:
    """A further shadow turn, and whether what comes of it serves."""

    thought: Thought
    serves: Callable[[Thought], bool]


def with_what_stands_before(
    turn: Turn, text: str, first: Thought, earlier: Sequence[Written], told: Told | None
) -> Iterator[Again]:
    """The turns that are worth trying, best first; ``earlier`` has the latest message first."""
    message_id = turn.message_id
    aim = wish_told(text)
    if aim is not None and first.answer is None and not first.would_do_it:
        yield Again(_of(turn, aim, (message_id,), asks=True), _answers_or_does)
    if first.only_gives_values(text):
        for one in earlier:
            both = f"{wish_told(one.text) or one.text}\n{text}"
            yield Again(_of(turn, both, (one.message_id, message_id)), _does_a_wish)
    elif told is not None and goes_on_asking(text) and not first.would_do_it and first.answer is None:
        asked = f"{told.question} {text.rstrip(' .!?')}?"
        yield Again(_of(turn, asked, (message_id,), asks=True), lambda found: _goes_on(found, told, text))


def whole_question(written: Sequence[str]) -> str:
    """A question with what it went on from: the latest message first, back to one that stands alone."""
    parts: list[str] = []
    for text in written[: MOST_EARLIER + 1]:
        parts.append((wish_told(text) or text).rstrip(" .!?"))
        if asks_of_its_own(text) or not goes_on_asking(text):
            break
    return " ".join(reversed(parts))


def _of(turn: Turn, text: str, message_ids: tuple[str, ...], *, asks: bool = False) -> Thought:
    return Thought(None, replace(turn, input=TextInput(text)), message_ids, asks)


def _does_a_wish(found: Thought) -> bool:
    return found.would_do_it and found.intent != names.INFORM


def _answers_or_does(found: Thought) -> bool:
    return found.answer is not None or _does_a_wish(found)


def _goes_on(found: Thought, told: Told, text: str) -> bool:
    """Whether what was found goes on from what was told, and says something new.

    An answer that has a word of what is asked is proof of it; where the words name nothing, the same article is.
    """
    answer = found.answer
    if answer is None or answer.citation is None or told.words.endswith(answer.text):
        return False
    named, said = content_of(text), answer.text.lower()
    return any(word in said for word in named) if named else answer.citation.get("article") == told.article

"""The summary an agent reads first: made by rules, never longer than 500 characters, every line points at a turn."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.handoff.limits import shortened
from bot.handoff.request import HandoffRequest, Slot
from bot.handoff.words import only_a_machine_says, title_of, value_of, worth_telling

LONGEST = 500
# Four lines with a quotation of this length and their words around it stay below LONGEST.
QUOTATION = 90
MASK = "•••"


@dataclass(frozen=True)
class Line:
    """One message of the transcript, in the order of ``seq``."""

    seq: int
    at: datetime
    author: str
    """``customer``, ``bot``, ``human`` or ``system``."""
    type: str
    """``message`` or ``note``."""
    text: str


def summarise(request: HandoffRequest, transcript: Sequence[Line]) -> str:
    """The lines that matter, most important first; a line that would pass 500 characters is left out.

    Each line ends with ``(#seq)``, the message that proves it. A transcript without a customer's message
    proves nothing, and gives an empty summary.
    """
    said = [line for line in transcript if line.author == "customer"]
    if not said:
        return ""
    summary = ""
    for text in _lines(request, transcript, said):
        longer = f"{summary}\n{text}" if summary else text
        if len(longer) <= LONGEST:
            summary = longer
    return summary


def _lines(request: HandoffRequest, transcript: Sequence[Line], said: Sequence[Line]) -> Iterator[str]:
    last = said[-1]
    yield f"{request.code.text} (#{last.seq})"
    question = _line_with(request.last_question, said) if request.last_question.strip() else said[0]
    yield f"Wants: “{_quoted(request.last_question.strip() or question.text)}” (#{question.seq})"
    if last.seq != question.seq:
        yield f"Last said: “{_quoted(last.text)}” (#{last.seq})"
    for name, slot in request.slots.items():
        words = value_of(slot)
        if slot.value is None or not words:
            continue
        # An id that only systems know tells an agent nothing, unless somebody has read it here.
        if not slot.text and only_a_machine_says(words) and not _stands_in(words, transcript):
            continue
        shown = MASK if slot.sensitive else _quoted(words)
        yield f"{_words(name, slot.title)}: {shown} (#{_line_with(_plain(slot), said, words).seq})"
    if request.open_form is not None:
        titles = {name: slot.title for name, slot in request.slots.items()}
        missing = ", ".join(_words(name, titles.get(name)).lower() for name in request.open_form.missing)
        needs = f", still needs {missing}" if missing else ""
        yield f"In the middle of: {_words(request.open_form.name)}{needs} (#{last.seq})"
    for action in worth_telling(request.actions_tried):
        if not action.ok:
            why = f": {_quoted(action.error)}" if action.error else ""
            yield f"Failed: {_words(action.name)}{why} (#{last.seq})"
    answered = next((line for line in reversed(transcript) if line.author == "bot"), None)
    for article in dict.fromkeys(tried.article for tried in request.knowledge_tried if tried.shown):
        if answered is not None:
            yield f"Was shown the article “{_words(article)}” (#{answered.seq})"


def _line_with(text: str, said: Sequence[Line], *others: str) -> Line:
    """The customer's latest message that holds one of the texts, spaces and punctuation aside; else their last."""
    wanted = [bare for bare in map(_bare, (text, *others)) if bare]
    return next((line for line in reversed(said) if any(bare in _bare(line.text) for bare in wanted)), said[-1])


def _stands_in(text: str, transcript: Sequence[Line]) -> bool:
    wanted = _bare(text)
    return any(wanted in _bare(line.text) for line in transcript)


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _plain(slot: Slot) -> str:
    return slot.value if isinstance(slot.value, str) else json.dumps(slot.value, ensure_ascii=False)


def _words(name: str, given: str | None = None) -> str:
    return _quoted(title_of(name, given))


def _quoted(text: str) -> str:
    return shortened(" ".join(text.split()), QUOTATION)

"""The summary an agent reads first: made by rules, never longer than 500 characters, every line points at a turn."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.handoff.limits import shortened
from bot.handoff.request import HandoffRequest, Slot

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
        if slot.value is not None:
            shown = MASK if slot.sensitive else _quoted(_plain(slot))
            yield f"{_words(name)}: {shown} (#{_line_with(_plain(slot), said).seq})"
    if request.open_form is not None:
        missing = ", ".join(_words(name).lower() for name in request.open_form.missing)
        needs = f", still needs {missing}" if missing else ""
        yield f"In the middle of: {_words(request.open_form.name)}{needs} (#{last.seq})"
    for action in request.actions_tried:
        if not action.ok:
            why = f": {_quoted(action.error)}" if action.error else ""
            yield f"Failed: {_words(action.name.removeprefix('action_'))}{why} (#{last.seq})"
    answered = next((line for line in reversed(transcript) if line.author == "bot"), None)
    for article in dict.fromkeys(tried.article for tried in request.knowledge_tried if tried.shown):
        if answered is not None:
            yield f"Was shown the article {_quoted(article)} (#{answered.seq})"


def _line_with(text: str, said: Sequence[Line]) -> Line:
    """The customer's latest message that holds the text, spaces and punctuation aside; else their last."""
    wanted = _bare(text)
    return next((line for line in reversed(said) if wanted and wanted in _bare(line.text)), said[-1])


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _plain(slot: Slot) -> str:
    return slot.value if isinstance(slot.value, str) else json.dumps(slot.value, ensure_ascii=False)


def _words(name: str) -> str:
    return _quoted(name.replace("_", " ").strip()).capitalize()


def _quoted(text: str) -> str:
    return shortened(" ".join(text.split()), QUOTATION)

"""A package in words, for a desk that shows text and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.gateway.external_desks.protocol import Case, Ending
from bot.handoff.request import Slot
from bot.handoff.words import title_of, value_of

# Chatwoot takes 150,000 characters, other desks less; nobody reads more than this before answering.
LONGEST_NOTE = 12_000

_ENDINGS: Mapping[Ending, str] = {
    "abandoned": "The customer left the queue and is back with the assistant.",
    "returned": "The conversation is back with the assistant.",
    "completed": "The conversation is finished.",
    "failed": "The conversation could not be kept open.",
    "taken_over": "Warmline's own desk has taken this customer over. Please do not answer here.",
}


def ending_for_agents(ending: Ending) -> str:
    """Why a case is over, in a sentence."""
    return _ENDINGS[ending]


def package_for_agents(case: Case) -> str:
    """The whole package as one note: why, summary, what is known, what was tried, what was said."""
    lines = [*_lines(case)]
    if case.again:
        lines.insert(0, "(sent again: the first try may have arrived)")
    text = "\n".join(lines)
    return text if len(text) <= LONGEST_NOTE else text[: LONGEST_NOTE - 1] + "…"


def _lines(case: Case) -> Iterator[str]:
    package = case.package
    yield f"**Why:** {package['reason']['text']}"
    if package["reason"].get("evidence"):
        yield f"_{package['reason']['evidence']}_"
    yield f"\n**Summary**\n{package['summary']}"
    if package.get("last_question"):
        yield f"\n**Last question:** {package['last_question']}"
    yield from _known(package["slots"], package.get("open_form"))
    yield from _tried(package["knowledge_tried"], package["actions_tried"])
    yield "\n**What was said**"
    for line in package["transcript"]:
        if line["type"] == "message":
            yield f"{line['author']}: {line['text']}"


def _known(slots: Mapping[str, Any], form: Mapping[str, Any] | None) -> Iterator[str]:
    if slots:
        yield "\n**Known**"
        for name, slot in slots.items():
            known = Slot(slot["value"], title=slot.get("title"), text=slot.get("text"))
            yield f"- {title_of(name, known.title)}: {'(sensitive)' if slot['sensitive'] else value_of(known)}"
    if form:
        missing = ", ".join(title_of(name).lower() for name in form["missing"]) or "nothing"
        yield f"- in the middle of: {title_of(form['name'])}; missing: {missing}"


def _tried(knowledge: Sequence[Mapping[str, Any]], actions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    shown = [article for article in knowledge if article["shown"]]
    if shown or actions:
        yield "\n**Tried**"
    for article in shown:
        yield f"- showed the article {article['article']}: {article['heading']}"
    for action in actions:
        yield f"- {title_of(action['name'])}: {'done' if action['ok'] else action['error'] or 'failed'}"

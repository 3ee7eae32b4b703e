"""Disagreement: two articles that answer one question with other amounts, other periods, or with yes and no."""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np

from bot.knowledge.answering.ranking import Ranked
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.words import stems_of

# How much of the best stretch's probability another article's must have to count as an answer as well.
_ALSO = 0.15
# Sentences that say the same of the same thing: measured between sentences of the reference assistant's articles, of
# which no two of different articles come this near and disagree.
_SAME_MATTER = 0.8
# Of two sentences of which one denies, this share of the words must be common: else they speak of different things.
_SAME_WORDS = 0.6

_AMOUNT = re.compile(
    r"(?P<money>[£$€]\s?\d[\d,.]*\d|[£$€]\s?\d)"
    r"|(?P<number>\d[\d,.]*\d|\d)\s?(?P<unit>%|per cent|minutes?|hours?|(?:working )?days?|weeks?|months?|years?"
    r"|[ap]m\b|degrees?|litres?|kg|cm|mm|kWh|decibels?)",
    re.IGNORECASE,
)
_NOT = frozenset({"no", "not", "never", "cannot", "can't", "don't", "doesn't", "without", "neither", "nor", "none"})


def disagreeing(index: KnowledgeIndex, ranked: Ranked) -> tuple[int, int] | None:
    """Return the numbers of two stretches of different articles that both answer and do not agree, or ``None``."""
    if not len(ranked.stretches):
        return None
    shares = ranked.shares
    order = np.argsort(-shares, kind="stable")
    best = int(ranked.stretches[order[0]])
    owner, sentences = index.searching.owner, index.parts.sentences
    article = index.passages[owner[best]].article
    for place in order[1:]:
        if shares[place] < _ALSO * shares[order[0]]:
            return None
        other = int(ranked.stretches[place])
        if index.passages[owner[other]].article == article:
            continue
        near = float(sentences[best] @ sentences[other])
        if near >= _SAME_MATTER and contradict(_said(index, best), _said(index, other)):
            return best, other
    return None


def _said(index: KnowledgeIndex, number: int) -> str:
    stretch = index.stretches[number]
    return index.text(index.passages[stretch.passage].article, stretch.start, stretch.end)


def contradict(one: str, other: str) -> bool:
    """Tell whether two sentences on one matter give no common value for a unit, or one denies what the other says."""
    first, second = amounts_in(one), amounts_in(other)
    common = first.keys() & second.keys()
    if any(not first[unit] & second[unit] for unit in common):
        return True
    words, others = set(stems_of(one)), set(stems_of(other))
    shared = len(words & others) / max(1, len(words | others))
    return shared >= _SAME_WORDS and _denies(one) != _denies(other)


def amounts_in(text: str) -> dict[str, set[str]]:
    """Return the values in a text by their unit: ``{"£": {"25"}, "day": {"30"}}``."""
    found: dict[str, set[str]] = defaultdict(set)
    for match in _AMOUNT.finditer(text):
        if match["money"]:
            found[match["money"][0]].add(match["money"][1:].strip().replace(",", ""))
        else:
            unit = match["unit"].lower().removesuffix("s").replace("per cent", "%")
            number = match["number"].replace(",", "")
            if unit in ("am", "pm"):
                found["o'clock"].add(f"{number}{unit}")
            else:
                found[unit].add(number)
    return dict(found)


def _denies(text: str) -> bool:
    return bool(_NOT.intersection(re.findall(r"[\w']+", text.lower())))

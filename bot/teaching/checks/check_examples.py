"""Mistakes in what customers say: metadata, too few examples, a sentence under two intents."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.errors import Place
from bot.teaching.checks.domain import Domain
from bot.teaching.checks.examples import WrittenIntent
from bot.teaching.checks.findings import Findings, did_you_mean

KINDS = ("act", "fact")
LEAST_EXAMPLES = 2
"""With one example nothing can be held back to be tested on; more than a dozen are needed to be any good."""


def check_examples(intents: Sequence[WrittenIntent], articles: Collection[str] | None, found: Findings) -> None:
    """Note every mistake that the examples have by themselves; ``articles`` are the known ids, None: none exist yet."""
    _check_sentences(intents, found)
    _check_counts(intents, found)
    told = {intent.name for intent in intents if intent.title or intent.kind is not None}
    for intent in intents:
        if intent.name in told and not intent.title and intent.kind is None:
            continue  # further examples of an intent whose metadata stands elsewhere
        if "/" in intent.name:
            _refuse_retrieval(intent, found)
        else:
            _check_metadata(intent, articles, found)


def check_against_domain(intents: Sequence[WrittenIntent], domain: Domain, found: Findings) -> None:
    """Note intents and marked entities that the domain does not know."""
    marked: dict[str, list[Place]] = {}
    for intent in intents:
        if "/" not in intent.name and intent.name not in domain.all_intents:
            found.wrong(
                intent.place,
                f"the domain has no intent {intent.name}.",
                did_you_mean(intent.name, domain.intents, f"Add {intent.name} to `intents` in the domain."),
            )
        if intent.offers is not None:
            _check_offer(*intent.offers, domain, found)
        if intent.leads_to is not None and intent.leads_to[0] not in domain.all_intents:
            name, place = intent.leads_to
            remedy = did_you_mean(name, domain.intents, f"Add {name} to `intents` in the domain.")
            found.wrong(place, f"what an answer leads to, {name}, is no intent of the domain.", remedy)
        for example in intent.examples:
            for entity in example.entities():
                if entity not in domain.entities:
                    marked.setdefault(entity, []).append(example.place)
    for entity, places in marked.items():
        others = "" if len(places) == 1 else f" (marked {len(places)} times)"
        found.wrong(
            places[0],
            f"the domain has no entity {entity}{others}.",
            did_you_mean(entity, domain.entities, f"Add {entity} to `entities` in the domain."),
        )


def _check_offer(offered: str, place: Place, domain: Domain, found: Findings) -> None:
    if offered not in domain.all_intents:
        found.wrong(
            place,
            f"what is offered, {offered}, is no intent of the domain.",
            did_you_mean(offered, domain.intents, f"Add {offered} to `intents` in the domain."),
        )
    elif f"utter_offer_{offered}" not in domain.responses:
        found.wrong(
            place,
            f"the domain has no response utter_offer_{offered}, with which {offered} is offered.",
            f"Write it, with one button: `{{title: …, payload: /{offered}}}`.",
        )


def _check_sentences(intents: Sequence[WrittenIntent], found: Findings) -> None:
    seen: dict[str, tuple[str, Place]] = {}
    for intent in intents:
        for example in intent.examples:
            key = " ".join(example.text.casefold().split())
            name, place = seen.setdefault(key, (intent.name, example.place))
            if name != intent.name:
                found.wrong(
                    example.place,
                    f"the same sentence is under {intent.name} here and under {name} in {place}.",
                    "Keep it where it belongs.",
                )


def _check_counts(intents: Sequence[WrittenIntent], found: Findings) -> None:
    counts: dict[str, int] = {}
    for intent in intents:
        counts[intent.name] = counts.get(intent.name, 0) + len(intent.examples)
    for intent in {intent.name: intent for intent in reversed(intents)}.values():
        if counts[intent.name] < LEAST_EXAMPLES:
            found.wrong(
                intent.place,
                f"{intent.name} has {counts[intent.name]} example{'' if counts[intent.name] == 1 else 's'}.",
                "Write 15 or more, as customers would say them.",
            )


def _refuse_retrieval(intent: WrittenIntent, found: Findings) -> None:
    family, _, name = intent.name.partition("/")
    found.wrong(
        intent.place,
        f"{intent.name} is a retrieval intent, and Warmline has no response selector that would answer it.",
        f"Call it {family}_{name}, with `kind: fact` and an article that answers, or `kind: act` and a rule.",
    )


def _check_metadata(intent: WrittenIntent, articles: Collection[str] | None, found: Findings) -> None:
    if not intent.title and intent.kind is None:
        found.wrong(
            intent.place,
            f"{intent.name} has no title and no `kind`.",
            "Add `metadata:` with a `title:` for humans and `kind: act`, or `kind: fact` and `articles: [id]`.",
        )
        return
    if not intent.title:
        found.wrong(intent.place, f"{intent.name} has no title.", "Add `metadata:` with a `title:` for humans.")
    if intent.kind not in KINDS:
        found.wrong(
            intent.place,
            f"{intent.name} has no `kind`, or one that is neither act nor fact.",
            "Write `kind: act` where the assistant does something, `kind: fact` where an article answers.",
        )
    if intent.kind == "fact" and not intent.articles:
        found.wrong(
            intent.place,
            f"{intent.name} asks for a fact but names no article.",
            "Add `articles: [id]` to its metadata.",
        )
    for article, place in intent.articles:
        if articles is not None and article not in articles:
            found.wrong(
                place,
                f"there is no article {article!r}.",
                did_you_mean(article, articles, "Use an `id` from knowledge_index/articles/, or write it."),
            )

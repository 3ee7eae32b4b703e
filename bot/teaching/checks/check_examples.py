"""Mistakes in what customers say: metadata, too few examples, a sentence under two intents."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.contract.names import OUT_OF_SCOPE
from bot.errors import Place
from bot.nlu.intents.written import acts_by_default, family_of
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
    for intent in intents:
        _check_metadata(intent, articles, found)


def remark_defaults(intents: Sequence[WrittenIntent], acting: frozenset[str], found: Findings) -> None:
    """Say once what is taken of all intents whose trainers wrote no title or no ``kind``.

    ``acting`` are the intents from which something follows (`bot/nlu/intents/written.py`).
    """
    first: dict[str, WrittenIntent] = {}
    titled: set[str] = set()
    kinds: set[str] = set()
    for intent in intents:
        if "/" not in intent.name and intent.name != OUT_OF_SCOPE:
            first.setdefault(intent.name, intent)
            titled |= {intent.name} if intent.title else set()
            kinds |= {intent.name} if intent.kind else set()
    missing = {
        "title": [name for name in first if name not in titled],
        "act": [name for name in first if name not in kinds and acts_by_default(name, acting)],
        "fact": [name for name in first if name not in kinds and not acts_by_default(name, acting)],
    }
    without = [name for name in first if any(name in names for names in missing.values())]
    if not without:
        return
    number = "one intent has" if len(without) == 1 else f"{len(without)} intents have"
    said = [
        f"{what}: {', '.join(missing[key])}"
        for key, what in (
            ("title", "titles come from the names of"),
            ("act", "rules and stories lead on from these, so they act"),
            ("fact", "nothing leads on from these, so articles answer them"),
        )
        if missing[key]
    ]
    found.remark(
        first[without[0]].place,
        f"{number} no `metadata`, or only a part ({'; '.join(said)}).",
        "Add `metadata:` with `title:` and `kind: act` or `kind: fact` where that is not what you mean.",
    )


def check_against_domain(intents: Sequence[WrittenIntent], domain: Domain, found: Findings) -> None:
    """Note intents and marked entities that the domain does not know."""
    marked: dict[str, list[Place]] = {}
    for intent in intents:
        name = family_of(intent.name)
        if name not in domain.all_intents:
            found.wrong(
                intent.place,
                f"the domain has no intent {name}.",
                did_you_mean(name, domain.intents, f"Add {name} to `intents` in the domain."),
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
        name = family_of(intent.name)
        counts[name] = counts.get(name, 0) + len(intent.examples)
    for name, intent in {family_of(intent.name): intent for intent in reversed(intents)}.items():
        if counts[name] < LEAST_EXAMPLES:
            found.wrong(
                intent.place,
                f"{name} has {counts[name]} example{'' if counts[name] == 1 else 's'}.",
                "Write 15 or more, as customers would say them.",
            )


def _check_metadata(intent: WrittenIntent, articles: Collection[str] | None, found: Findings) -> None:
    if intent.kind is not None and intent.kind not in KINDS:
        found.wrong(
            intent.place,
            f"{intent.name} has the `kind` {intent.kind}, which is neither act nor fact.",
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

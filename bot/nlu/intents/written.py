"""What a company's files say of its intents, in any layout that Rasa reads; and what holds where they say nothing.

A title comes from the intent's name (``book_table``: "Book table"). An intent acts if a rule or a story leads from it
to anything, or a slot is filled by it; it asks for a fact otherwise.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.contract.names import ANSWERS, COURTESIES, SET_BY_THE_PRODUCT
from bot.errors import ContentError, Place

YAML_ENDINGS = frozenset({".yml", ".yaml"})

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ALWAYS_ACT = ANSWERS | COURTESIES | SET_BY_THE_PRODUCT
"""Intents to which the product itself gives a meaning: none of them asks for a fact."""


@dataclass(frozen=True)
class IntentAsWritten:
    """An intent with what trainers wrote beside it, or what holds where they wrote nothing."""

    title: str
    acts: bool
    articles: tuple[str, ...] = ()


def yaml_files(*paths: Path) -> list[Path]:
    """The YAML files among paths, each a file or a folder with folders, in the order in which Rasa reads them."""
    found = {path for path in paths if path.is_file()}
    for path in paths:
        for folder, _, names in os.walk(path, followlinks=True):
            found.update(Path(folder, name) for name in names)
    return sorted(path for path in found if path.suffix in YAML_ENDINGS)


def contents(*paths: Path) -> Iterator[Mapping[str, Any]]:
    """What stands in the YAML files; a broken one is a :class:`ContentError`."""
    for path in yaml_files(*paths):
        try:
            read = yaml.load(path.read_text("utf-8-sig"), Loader=_LOADER)  # noqa: S506 - a safe loader, in C
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            raise ContentError(Place(path, line), f"This is not YAML: {error.problem}.", "Mend the line.") from error
        if isinstance(read, Mapping):
            yield read


def default_title(intent: str) -> str:
    """``book_table`` and ``bookTable``: "Book table"."""
    words = " ".join(re.sub(r"[_\-./]+", " ", _HUMP.sub(" ", intent)).split())
    return words[:1].upper() + words[1:]


def family_of(intent: str) -> str:
    """The intent that rules see of a retrieval intent: ``faq`` of ``faq/opening``; of others the intent itself."""
    return intent.split("/")[0]


def items_of(read: Mapping[str, Any], key: str = "nlu") -> Iterator[Mapping[str, Any]]:
    """The entries of a file's list that are mappings."""
    entries = read.get(key)
    yield from (one for one in entries if isinstance(one, Mapping)) if isinstance(entries, list) else ()


def intents_written(read: Iterable[Mapping[str, Any]]) -> dict[str, IntentAsWritten]:
    """Every intent with examples, by its name; what stands in several files counts together."""
    every = list(read)
    acting = acting_intents(every)
    said: dict[str, dict[str, Any]] = {}
    for content in every:
        for item in items_of(content):
            if isinstance(item.get("intent"), str):
                own = item.get("metadata")
                said.setdefault(item["intent"], {}).update(own if isinstance(own, Mapping) else {})
    return {name: as_written(name, own, acting) for name, own in said.items()}


def as_written(name: str, metadata: Mapping[str, Any], acting: frozenset[str]) -> IntentAsWritten:
    """What holds of an intent by its ``metadata``, and by the intents that act where it says nothing."""
    kind = metadata.get("kind") or ("act" if acts_by_default(name, acting) else "fact")
    articles = metadata.get("articles")
    return IntentAsWritten(
        title=str(metadata.get("title") or default_title(name)),
        acts=kind != "fact",
        articles=tuple(map(str, articles)) if isinstance(articles, list) else (),
    )


def acts_by_default(intent: str, acting: frozenset[str]) -> bool:
    """Whether an intent acts about which nobody said so."""
    return family_of(intent) in acting | _ALWAYS_ACT


def acting_intents(read: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The intents from which a rule or a story leads to anything, and those by which slots are filled."""
    found: set[str] = set()
    for content in read:
        for key in ("rules", "stories"):
            for conversation in items_of(content, key):
                found.update(_leading_on(conversation.get("steps")))
        slots = content.get("slots")
        for slot in slots.values() if isinstance(slots, Mapping) else ():
            for mapping in items_of(slot, "mappings") if isinstance(slot, Mapping) else ():
                found.update(_names(mapping.get("intent")))
    return frozenset(map(family_of, found))


def _leading_on(steps: object) -> Iterator[str]:
    heard: list[str] = []
    for step in steps if isinstance(steps, list) else ():
        if not isinstance(step, Mapping):
            continue
        either = step.get("or")
        said = [
            name
            for one in (either if isinstance(either, list) else [step])
            if isinstance(one, Mapping)
            for name in _names(one.get("intent"))
        ]
        if said:
            heard = said
        elif "action" in step or step.get("active_loop"):
            yield from heard
            heard = []


def _names(value: object) -> list[str]:
    return [str(one).lstrip("/") for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]

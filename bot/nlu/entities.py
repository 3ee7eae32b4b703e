"""What a sentence names: order numbers, products, postcodes, e-mail addresses, dates and times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import ArtefactError, SettingError, WarmlineError
from bot.nlu import artefact
from bot.nlu.times import moments_in

_SCHEMA = "entities/1"
_COMMAND = "make train"
_FILE = "entities.json"
# A message of the gateway is shorter; what is longer is cut so that no pattern of a trainer can take seconds.
_LONGEST_TEXT = 4000


@dataclass(frozen=True)
class Entity:
    """Something named in a text: ``text[start:end]`` as typed, ``value`` in its one canonical form."""

    name: str
    value: str
    text: str
    start: int
    end: int


def _postcode(typed: str) -> str:
    """``ls62ab`` to ``LS6 2AB``: the inward part always has three characters."""
    joined = re.sub(r"\s+", "", typed).upper()
    return f"{joined[:-3]} {joined[-3:]}"


# Kinds of values that mean the same whatever the company; those of one company have a form (see `EntityFinder`).
_CANONICAL: Mapping[str, Callable[[str], str]] = {"postcode": _postcode, "email": str.lower}


def _in_form(typed: str, form: str) -> str:
    """Fill the zeros of a form such as ``LF-0000000`` with the typed digits; what does not fit stays as it is."""
    digits = [character for character in typed if character.isdigit()]
    if len(digits) != form.count("0"):
        return typed
    return "".join(digits.pop(0) if character == "0" else character for character in form)


class EntityFinder:
    """Finds what trainers list (``lookup``, ``regex`` and ``synonym`` in ``data/nlu/``), dates and times.

    ``forms`` gives an entity's canonical form by an example in which 0 stands for a typed digit:
    ``{"order_number": "LF-0000000"}``. Everything else of a trainer's is as in Rasa: a lookup is a list of words
    that are found whatever their capitals, a regex is searched, a synonym maps a way to write a value to the value.
    """

    def __init__(
        self,
        lookups: Mapping[str, Sequence[str]],
        regexes: Sequence[tuple[str, str]],
        synonyms: Mapping[str, str],
        timezone: str,
        forms: Mapping[str, str],
    ) -> None:
        self._lookups = {name: list(values) for name, values in lookups.items()}
        self._regexes = [(name, pattern) for name, pattern in regexes]
        self._synonyms = dict(synonyms)
        self._timezone = timezone
        self._forms = dict(forms)
        try:
            self._zone = ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise SettingError(f"The time zone {timezone!r} is unknown: write one such as Europe/London.") from error
        self._patterns = [(name, _compiled(name, pattern)) for name, pattern in self._regexes]
        self._canonical = {typed.lower(): value for typed, value in self._synonyms.items()}
        self._language, self._matcher = self._phrases()

    @classmethod
    def build(
        cls,
        lookups: Mapping[str, Sequence[str]],
        regexes: Sequence[tuple[str, str]],
        synonyms: Mapping[str, str],
        timezone: str,
        forms: Mapping[str, str] | None = None,
    ) -> EntityFinder:
        """Make a finder; a pattern that is no regular expression is a :class:`WarmlineError` that quotes it."""
        finder = cls(lookups, regexes, synonyms, timezone, forms or {})
        finder.find("2 December", datetime(2026, 11, 22, tzinfo=finder._zone))  # loads dateparser's tables now
        return finder

    def _phrases(self) -> tuple[Any, Any]:
        """Return spaCy's tokenizer and a matcher for every listed word, plus the synonyms of listed values."""
        import spacy
        from spacy.matcher import PhraseMatcher

        language = spacy.blank("en")
        matcher = PhraseMatcher(language.vocab, attr="LOWER")
        for name, values in self._lookups.items():
            listed = {value.lower() for value in values if value.strip()}
            means = {self._canonical.get(value, value).lower() for value in listed}
            written = listed | {typed for typed, value in self._canonical.items() if value.lower() in means | listed}
            if written:
                matcher.add(name, [language.make_doc(phrase) for phrase in sorted(written)])
        return language, matcher

    def find(self, text: str, now: datetime) -> tuple[Entity, ...]:
        """Return the entities of a text from left to right, never two in one place; ``now`` carries its time zone."""
        text = text[:_LONGEST_TEXT]
        if not text.strip():
            return ()
        local = now.astimezone(self._zone) if now.tzinfo else now
        found = _apart([*self._by_pattern(text), *self._by_list(text)])
        taken = [(entity.start, entity.end) for entity in found]
        # Numbers that belong to something else (an order, a postcode) must not become dates.
        masked = _masked(text, taken)
        moments = [
            Entity(moment.name, moment.value, text[moment.start : moment.end], moment.start, moment.end)
            for moment in moments_in(masked, local)
        ]
        return _apart([*found, *moments])

    def _by_pattern(self, text: str) -> Iterable[Entity]:
        for name, pattern in self._patterns:
            for match in pattern.finditer(text):
                if match.group():
                    yield Entity(name, self._value(name, match.group()), match.group(), *match.span())

    def _by_list(self, text: str) -> Iterable[Entity]:
        document = self._language.make_doc(text)
        for key, first, last in self._matcher(document):
            span = document[first:last]
            name = self._language.vocab.strings[key]
            yield Entity(name, self._value(name, span.text, listed=True), span.text, span.start_char, span.end_char)

    def _value(self, name: str, typed: str, listed: bool = False) -> str:
        known = self._canonical.get(typed.lower())
        if known is not None:
            return known
        if name in self._forms:
            return _in_form(typed, self._forms[name])
        if name in _CANONICAL:
            return _CANONICAL[name](typed)
        return typed.lower() if listed else typed

    def save(self, folder: Path) -> None:
        """Write one JSON file into a folder that may hold others."""
        folder.mkdir(parents=True, exist_ok=True)
        artefact.write_json(
            folder / _FILE,
            {
                "schema": _SCHEMA,
                "lookups": self._lookups,
                "regexes": [list(pair) for pair in self._regexes],
                "synonyms": self._synonyms,
                "timezone": self._timezone,
                "forms": self._forms,
            },
        )

    @classmethod
    def load(cls, folder: Path) -> EntityFinder:
        """Read what :meth:`save` wrote; :class:`ArtefactError` when it is not whole."""
        content = artefact.read_json(folder / _FILE, _SCHEMA, _COMMAND)
        try:
            return cls.build(
                content["lookups"],
                [(name, pattern) for name, pattern in content["regexes"]],
                content["synonyms"],
                content["timezone"],
                content["forms"],
            )
        except (KeyError, TypeError, ValueError, AttributeError, WarmlineError) as error:
            raise ArtefactError(folder / _FILE, f"it is damaged ({error!r}).", _COMMAND) from error


def _compiled(name: str, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise WarmlineError(
            f"data/nlu: the regex {name!r} is not a regular expression: {pattern!r} ({error}). Correct it there."
        ) from error


def _apart(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Keep the longest of entities that share a place (the first named among equals), and sort by place."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=lambda entity: entity.start - entity.end):
        if all(entity.end <= other.start or other.end <= entity.start for other in kept):
            kept.append(entity)
    return tuple(sorted(kept, key=lambda entity: entity.start))


def _masked(text: str, taken: Iterable[tuple[int, int]]) -> str:
    """Return a text of the same length in which taken places are filled with a sign that no date contains."""
    characters = list(text)
    for start, end in taken:
        characters[start:end] = "\N{REPLACEMENT CHARACTER}" * (end - start)
    return "".join(characters)

"""What a sentence names: order numbers, products, postcodes, e-mail addresses, telephone numbers, dates and times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import ArtefactError, SettingError, WarmlineError
from bot.nlu import artefact
from bot.nlu.near_names import NearNames, Word
from bot.nlu.recogniser import Annotated, Recogniser
from bot.nlu.times import moments_in
from bot.nlu.values import CHECKS, KINDS, Value, checked_country, in_form, phones_in
from bot.nlu.words import english_words, often_in

_SCHEMA = "entities/2"
_COMMAND = "make train"
_FILE = "entities.json"
# A message of the gateway is shorter; what is longer is cut so that no pattern of a trainer can take seconds.
_LONGEST_TEXT = 4000
_SEED = 20240711

# "Kestrel Road" is where somebody lives, whatever the model's name.
_ADDRESS = re.compile(
    r"\s+(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|crescent|way|court|house|place|terrace|gardens|grove|mews"
    r"|row|walk|rise|square|hill|green|park|cottage|arms|inn|pub)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entity:
    """Something named in a text: ``text[start:end]`` as typed, ``value`` in its one canonical form."""

    name: str
    value: str
    text: str
    start: int
    end: int
    valid: bool = True
    """False where the value's own check (a check digit, an address's syntax) says that it cannot exist."""


@dataclass(frozen=True)
class Settings:
    """What config.yml says about entities."""

    timezone: str = "Europe/London"
    country: str = "GB"
    """Where a telephone number without a country code belongs (ISO 3166)."""
    forms: Mapping[str, str] = field(default_factory=dict)
    """An entity's one form by an example in which 0 stands for a typed digit: ``{"order_number": "LF-0000000"}``."""
    checks: Mapping[str, str] = field(default_factory=dict)
    """The check that an entity's last digit must pass: ``{"order_number": "luhn"}``."""


@dataclass(frozen=True)
class Taught:
    """What trainers wrote in ``data/nlu``."""

    lookups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    regexes: Sequence[tuple[str, str]] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    examples: Sequence[Annotated] = ()


class EntityFinder:
    """Finds what trainers list (``lookup``, ``regex`` and ``synonym``) or annotate, telephone numbers, dates and times.

    As in Rasa a lookup is a list of words that are found whatever their capitals, a regex is searched, a synonym maps a
    way to write a value to the value. A listed name is found with a letter or two wrong, too. What trainers annotate
    teaches a small recogniser, which is asked about words that nothing else explains.
    """

    def __init__(
        self, taught: Taught, settings: Settings, seen: Iterable[str] = (), recogniser: Recogniser | None = None
    ) -> None:
        self._taught = taught
        self._settings = settings
        self._seen = frozenset(seen)
        self._recogniser = recogniser
        try:
            self._zone = ZoneInfo(settings.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise SettingError(
                f"The time zone {settings.timezone!r} is unknown: write one such as Europe/London."
            ) from error
        checked_country(settings.country)
        for name, check in settings.checks.items():
            if check not in CHECKS:
                raise SettingError(f"The check {check!r} of {name} is unknown: write one of {', '.join(CHECKS)}.")
        self._patterns = [(name, _compiled(name, pattern)) for name, pattern in taught.regexes]
        self._canonical = {typed.lower(): value for typed, value in taught.synonyms.items()}
        self._phrases = self._listed_phrases()
        self._language, self._matcher = self._phrase_matcher()
        self._ordinary = english_words() | self._seen
        self._near = {name: NearNames(phrases, self._ordinary) for name, phrases in self._phrases.items()}

    @classmethod
    def build(cls, taught: Taught, settings: Settings) -> EntityFinder:
        """Make a finder and train its recogniser.

        A pattern that is no regular expression, or a setting that means nothing, is a :class:`WarmlineError`.
        """
        listed = {word.lower() for values in taught.lookups.values() for word in values}
        seen = often_in(example.text for example in taught.examples) - listed
        finder = cls(taught, settings, seen, Recogniser.train(taught.examples, _SEED))
        finder.warm_up()
        return finder

    def warm_up(self) -> None:
        """Load what libraries load at their first use, so that no customer waits for it."""
        now = datetime.now(self._zone)
        for text in ("call 020 7946 0000", "a.b@example.com"):
            self.find(text, now)

    def _listed_phrases(self) -> dict[str, tuple[str, ...]]:
        """Every listed word of an entity, and the synonyms of listed values."""
        phrases = {}
        for name, values in self._taught.lookups.items():
            listed = {value.lower() for value in values if value.strip()}
            means = {self._canonical.get(value, value).lower() for value in listed}
            written = listed | {typed for typed, value in self._canonical.items() if value.lower() in means | listed}
            if written:
                phrases[name] = tuple(sorted(written))
        return phrases

    def _phrase_matcher(self) -> tuple[Any, Any]:
        import spacy
        from spacy.matcher import PhraseMatcher

        language = spacy.blank("en")
        matcher = PhraseMatcher(language.vocab, attr="LOWER")
        for name, phrases in self._phrases.items():
            matcher.add(name, [language.make_doc(phrase) for phrase in phrases])
        return language, matcher

    def find(self, text: str, now: datetime) -> tuple[Entity, ...]:
        """Return the entities of a text from left to right, never two in one place; ``now`` carries its time zone."""
        text = text[:_LONGEST_TEXT]
        if not text.strip():
            return ()
        document = self._language.make_doc(text)
        found = _apart([*self._by_pattern(text), *self._by_list(text, document)])
        # Numbers that belong to something else (an order, a postcode) must be neither dates nor telephone numbers.
        masked = _masked(text, found)
        phones = [
            Entity("phone", phone.value, text[phone.start : phone.end], phone.start, phone.end)
            for phone in phones_in(masked, self._settings.country)
        ]
        found = _apart([*found, *phones])
        local = now.astimezone(self._zone) if now.tzinfo else now
        moments = [
            Entity(moment.name, moment.value, text[moment.start : moment.end], moment.start, moment.end)
            for moment in moments_in(_masked(text, found), local)
        ]
        found = _apart([*found, *moments])
        return _apart([*found, *self._guessed(text, document, found)])

    def _by_pattern(self, text: str) -> Iterable[Entity]:
        for name, pattern in self._patterns:
            for match in pattern.finditer(text):
                if not match.group():
                    continue
                value = self._value(name, match.group())
                if value.valid or _is_meant(name, match, text):
                    yield Entity(name, value.text, match.group(), *match.span(), value.valid)

    def _by_list(self, text: str, document: Any) -> Iterable[Entity]:
        for key, first, last in self._matcher(document):
            span = document[first:last]
            if not _ADDRESS.match(text, span.end_char):
                name = self._language.vocab.strings[key]
                yield self._listed(name, span.text, text, span.start_char, span.end_char)

    def _guessed(self, text: str, document: Any, found: Sequence[Entity]) -> Iterable[Entity]:
        """What the words that nothing explains yet were meant to be, by their letters and by their place."""
        # A listed name may be a part of a longer one ("frigde freezer"); what is anything else is spoken for.
        spoken_for = [entity for entity in found if entity.name not in self._near]
        free = [word for word in _words(document) if _is_free(word, spoken_for)]
        near = [
            self._listed(name, each.listed, text, each.start, each.end)
            for name, names in self._near.items()
            for each in names.find(free)
            if not _ADDRESS.match(text, each.end)
        ]
        yield from near
        if self._recogniser is None:
            return
        odd = [word for word in free if not self._is_explained(word, [*found, *near])]
        if odd:
            yield from self._recognised(text, odd)

    def _is_explained(self, word: Word, known: Sequence[Entity]) -> bool:
        if not word.text.isalpha() or word.text.lower() in self._ordinary:
            return True
        return not _is_free(word, known)

    def _recognised(self, text: str, odd: Sequence[Word]) -> Iterable[Entity]:
        """What looks like an annotated stretch around an unexplained word; of listed names only what is like one."""
        assert self._recogniser is not None
        for mention in self._recogniser.find(text):
            if not any(mention.start <= word.start < mention.end for word in odd):
                continue
            typed = text[mention.start : mention.end]
            if mention.name in self._near:
                listed = self._near[mention.name].closest(typed)
                if listed is not None:
                    yield self._listed(mention.name, listed, text, mention.start, mention.end)
            elif mention.name not in _READ_BY_RULES and mention.name not in {name for name, _ in self._patterns}:
                yield Entity(mention.name, self._value(mention.name, typed).text, typed, mention.start, mention.end)

    def _listed(self, name: str, listed: str, text: str, start: int, end: int) -> Entity:
        value = self._canonical.get(listed.lower(), listed.lower())
        return Entity(name, value, text[start:end], start, end)

    def _value(self, name: str, typed: str) -> Value:
        known = self._canonical.get(typed.lower())
        if known is not None:
            return Value(known)
        if name in self._settings.forms:
            value = in_form(typed, self._settings.forms[name])
            check = self._settings.checks.get(name)
            return Value(value, check is None or CHECKS[check](value))
        return KINDS[name](typed) if name in KINDS else Value(typed)

    def save(self, folder: Path) -> None:
        """Write a JSON file, and the recogniser beside it, into a folder that may hold others."""
        folder.mkdir(parents=True, exist_ok=True)
        content = {
            "schema": _SCHEMA,
            "lookups": {name: list(values) for name, values in self._taught.lookups.items()},
            "regexes": [list(pair) for pair in self._taught.regexes],
            "synonyms": dict(self._taught.synonyms),
            "timezone": self._settings.timezone,
            "country": self._settings.country,
            "forms": dict(self._settings.forms),
            "checks": dict(self._settings.checks),
            "seen": sorted(self._seen),
            "recogniser": self._recogniser is not None,
        }
        artefact.write_json(folder / _FILE, content)
        if self._recogniser is not None:
            self._recogniser.save(folder)

    @classmethod
    def load(cls, folder: Path) -> EntityFinder:
        """Read what :meth:`save` wrote; :class:`ArtefactError` when it is not whole."""
        content = artefact.read_json(folder / _FILE, _SCHEMA, _COMMAND)
        try:
            taught = Taught(
                content["lookups"], [(name, pattern) for name, pattern in content["regexes"]], content["synonyms"]
            )
            settings = Settings(content["timezone"], content["country"], content["forms"], content["checks"])
            recogniser = Recogniser.load(folder, _COMMAND) if content["recogniser"] else None
            finder = cls(taught, settings, content["seen"], recogniser)
            finder.warm_up()
        except ArtefactError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, WarmlineError) as error:
            raise ArtefactError(folder / _FILE, f"it is damaged ({error!r}).", _COMMAND) from error
        return finder


_READ_BY_RULES = frozenset({"date", "time", "phone"})


def _words(document: Any) -> list[Word]:
    """The tokens of a spaCy document that have letters or digits."""
    return [Word(token.text, token.idx, token.idx + len(token.text)) for token in document if token.text[0].isalnum()]


def _is_free(word: Word, taken: Iterable[Entity]) -> bool:
    return all(word.end <= entity.start or entity.end <= word.start for entity in taken)


def _compiled(name: str, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise WarmlineError(
            f"data/nlu: the regex {name!r} is not a regular expression: {pattern!r} ({error}). Correct it there."
        ) from error


def _is_meant(name: str, match: re.Match[str], text: str) -> bool:
    """Whether a number that fails its check was meant to be one, and is worth a complaint.

    It was if it has more than digits (``LF1234567``), if the text is little else, or if the text says what it is.
    """
    if not match.group().isdigit() or 2 * len(match.group()) >= len(text.strip()):
        return True
    before = text[: match.start()].lower()
    return any(word in before for word in name.lower().split("_"))


def _apart(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Keep the longest of entities that share a place (the first named among equals), and sort by place."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=lambda entity: entity.start - entity.end):
        if all(entity.end <= other.start or other.end <= entity.start for other in kept):
            kept.append(entity)
    return tuple(sorted(kept, key=lambda entity: entity.start))


def _masked(text: str, taken: Iterable[Entity]) -> str:
    """Return a text of the same length in which taken places are filled with a sign that no date contains."""
    characters = list(text)
    for entity in taken:
        characters[entity.start : entity.end] = "\N{REPLACEMENT CHARACTER}" * (entity.end - entity.start)
    return "".join(characters)

"""What a sentence names: what trainers list or annotate, and what is the same everywhere (`bot/contract/kinds.py`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.contract.kinds import EMAIL, PHONE, POSTCODE, READ_BY_RULES, kind_of
from bot.errors import ArtefactError, SettingError, WarmlineError
from bot.nlu import artefact
from bot.nlu.countries import country_of
from bot.nlu.encoder.word_vectors import WordVectors
from bot.nlu.entities.addresses import addresses_as_read
from bot.nlu.entities.entity import Entity, Understood, apart, masked, taken_by
from bot.nlu.entities.kinds import names_by_kind
from bot.nlu.entities.near_names import NearNames, Word
from bot.nlu.entities.postcodes import CALLED, shapes
from bot.nlu.entities.recogniser import Mention, Recogniser
from bot.nlu.entities.surroundings import ADDRESS, is_meant, said_from_where, words_of
from bot.nlu.entities.taught import Settings, Taught, spellings_in
from bot.nlu.entities.times import moments_in
from bot.nlu.entities.values import CHECKS, Phone, Value, checked_country, email, in_form, phones_in
from bot.nlu.languages.english_words import english_words, often_in
from bot.nlu.reading.cap import read_of, readable
from bot.nlu.reading.doubt import is_doubtful, is_little_else, is_named
from bot.nlu.reading.negation import Mentioned, stances
from bot.nlu.reading.patterns import TrainersPattern
from bot.nlu.reading.places import Taken
from bot.nlu.reading.whole import JOINERS_OF_MOMENTS, LABELS, is_whole

__all__ = ["EntityFinder", "Settings", "Taught"]

_SCHEMA = "entities/3"
_COMMAND = "make train"
_FILE = "entities.json"

WHOLE = 0.95
"""The share of what trainers mark as an entity that its lists, patterns or rules have to find for them to be taken as
all there is of it: of a hundred marks five may be slips."""


class EntityFinder:
    """Finds what trainers list (``lookup``, ``regex`` and ``synonym``) or annotate, and the kinds that all have alike.

    As in Rasa a lookup is a list of words that are found whatever their capitals, a regex is searched, a synonym maps a
    way to write a value to the value. A listed name is found with a letter or two wrong, too. What trainers annotate
    teaches a small recogniser. An entity whose lists, patterns or rules find what is annotated is *closed*: there the
    recogniser is only asked about words that nothing else explains. Of any other entity it finds what it has learnt.
    """

    def __init__(
        self,
        taught: Taught,
        settings: Settings,
        seen: Iterable[str] = (),
        recogniser: Recogniser | None = None,
        closed: Iterable[str] | None = None,
    ) -> None:
        self._taught = taught
        self._settings = settings
        self._seen = frozenset(seen)
        self._recogniser = recogniser
        self._closed = frozenset(closed or ())
        self._has_open = recogniser is not None and not self._closed.issuperset(recogniser.names)
        try:
            self._zone = ZoneInfo(settings.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise SettingError(
                f"The time zone {settings.timezone!r} is unknown: write one such as America/New_York."
            ) from error
        self._country = country_of(checked_country(settings.country))
        self._postcodes = shapes().get(settings.country)
        patterned = {name for name, _ in taught.regexes}
        self._by_kind = names_by_kind(settings.kinds, patterned)
        self._read_by_rules = frozenset(self._by_kind[kind] for kind in READ_BY_RULES if kind in self._by_kind)
        for name, check in settings.checks.items():
            if check not in CHECKS:
                raise SettingError(f"The check {check!r} of {name} is unknown: write one of {', '.join(CHECKS)}.")
        self._patterns = [(name, TrainersPattern.of(name, pattern)) for name, pattern in taught.regexes]
        self._canonical = {read_of(typed).lower(): value for typed, value in taught.synonyms.items()}
        self._phrases = self._listed_phrases()
        self._as_written = {
            name: {read_of(value).lower(): value.strip() for value in reversed(values)}
            for name, values in {**taught.lookups, **taught.spellings}.items()
        }
        self._language, self._matcher = self._phrase_matcher()
        self._ordinary = english_words() | self._seen
        self._near = {name: NearNames(phrases, self._ordinary) for name, phrases in self._phrases.items()}

    @classmethod
    def build(
        cls, taught: Taught, settings: Settings, meanings: Callable[[], WordVectors] | None = None
    ) -> EntityFinder:
        """Make a finder and train its recogniser; ``meanings`` gives the words' vectors, if that is wanted.

        A pattern that is no regular expression, or a setting that means nothing, is a :class:`WarmlineError`.
        """
        listed = {word.lower() for values in taught.lookups.values() for word in values}
        seen = often_in(example.text for example in taught.examples) - listed
        taught = replace(taught, spellings=spellings_in(taught.examples, taught.lookups))
        alone = cls(taught, settings, seen)
        found_by_rules, closed = alone._explained()
        examples = [example.without(found_by_rules) for example in taught.examples]
        marked = any(example.mentions for example in examples)
        # Of closed entities alone the recogniser only confirms a slip of the finger.
        wanted = meanings if any(each.name not in closed for one in examples for each in one.mentions) else None
        learnt = Recogniser.train(examples, alone._ordinary, wanted() if wanted else None) if marked else None
        finder = cls(taught, settings, seen, learnt, closed)
        finder.warm_up()
        return finder

    @property
    def kinds(self) -> Mapping[str, str]:
        """What kind of value an entity holds whose name does not say it."""
        return self._settings.kinds

    def _explained(self) -> tuple[frozenset[str], frozenset[str]]:
        """The entities of which patterns and rules find what is marked; and those, too, of which lists do."""
        marked: Counter[str] = Counter()
        explained: Counter[str] = Counter()
        with_parts: set[str] = set()
        now = datetime.now(self._zone)
        for example in self._taught.examples:
            found = (
                {(each.name, each.start, each.end) for each in self.find(example.text, now)} if example.mentions else ()
            )
            for mention in example.mentions:
                marked[mention.name] += 1
                explained[mention.name] += (mention.name, mention.start, mention.end) in found
                if mention.role or mention.group:
                    with_parts.add(mention.name)
        closed = frozenset(name for name, count in marked.items() if explained[name] >= WHOLE * count)
        return closed - set(self._phrases) - with_parts, closed

    def warm_up(self) -> None:
        """Load what libraries load at their first use, so that no customer waits for it."""
        for text in ("call 020 7946 0000", "a.b@example.com"):  # digits enough for a number of any country
            self.find(text, datetime.now(self._zone))

    def _listed_phrases(self) -> dict[str, tuple[str, ...]]:
        """Every listed word of an entity, and the synonyms of listed values."""
        phrases = {}
        for name, values in self._taught.lookups.items():
            listed = {read_of(value).lower() for value in values if value.strip()}
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
        """Return the entities of a text from left to right, never two in one place; ``now`` carries its time zone.

        All that is mentioned, wanted or not. What is longer than a reader may be given is read in part
        (`bot/nlu/reading/cap.py`); places are those of the text as it was given.
        """
        read = readable(text).with_single_blanks()
        found = self._find(read.text, now)
        mentioned = [Mentioned(each.name, each.start, each.end, each.value, self._kind(each.name)) for each in found]
        said = stances(read.text, mentioned)
        places = [(*read.typed_span(entity.start, entity.end), entity) for entity in found]
        return tuple(
            replace(
                entity,
                text=text[start:end],
                start=start,
                end=end,
                ruled_out=stance == "ruled out",
                kind=self._kind(entity.name),
            )
            for (start, end, entity), stance in zip(places, said, strict=True)
        )

    def understand(self, text: str, now: datetime, asked: Collection[str] = ()) -> Understood:
        """Return what may fill a slot and what is ruled out; ``asked`` names the entities that were asked for.

        An ambiguous value counts only if it was asked for and the text is little else.
        """
        found = self.find(text, now)
        little_else = is_little_else(text, [(entity.start, entity.end) for entity in found])
        meant = [entity for entity in found if not entity.ambiguous or (entity.name in asked and little_else)]
        return Understood(
            tuple(entity for entity in meant if not entity.ruled_out),
            tuple(entity for entity in meant if entity.ruled_out),
        )

    def _find(self, text: str, now: datetime) -> tuple[Entity, ...]:
        if not text.strip():
            return ()
        document = self._language.make_doc(text)
        postcodes = list(self._postcodes_in(text))
        # What only may be a postcode may also be a year, an hour, or a part of a telephone number: those come first.
        late = [code for code in postcodes if code.ambiguous]
        shaped = [*self._by_pattern(text.replace("\n", " ")), *self._addresses(text)]
        shaped += [code for code in postcodes if not code.ambiguous]
        found = apart([*shaped, *self._by_list(text, document)])
        mentions = self._mentions(text) if self._has_open else ()
        found = apart([*found, *self._learnt(text, mentions)])
        # Numbers that belong to something else (an order, a postcode) must be neither dates nor telephone numbers.
        free = masked(text, found)
        phones = [
            Entity.at(self._by_kind[PHONE], phone, text, ambiguous=not phone.sure)
            for phone in self._phones(free)
            if is_whole(text, phone.start, phone.end)
        ]
        found = apart([*found, *phones])
        local = now.astimezone(self._zone) if now.tzinfo else now
        moments = [
            Entity.at(self._by_kind[moment.name], moment, text)
            for moment in moments_in(masked(text, found), local, self._country)
            if is_whole(text, moment.start, moment.end, JOINERS_OF_MOMENTS)
        ]
        found = apart([*found, *moments])
        taken = taken_by(text, found)
        found = apart([*found, *(code for code in late if not taken.touches(code.start, code.end))])
        guessed = self._guessed(text, document, found, mentions)
        return self._with_roles(
            text, apart([*found, *(each for each in guessed if is_whole(text, each.start, each.end))])
        )

    def _mentions(self, text: str) -> tuple[Mention, ...]:
        return self._recogniser.find_as_read(text) if self._recogniser is not None else ()

    def _learnt(self, text: str, mentions: Iterable[Mention]) -> Iterable[Entity]:
        """What was learnt of entities that no list, pattern or rule has as a whole."""
        for mention in mentions:
            if mention.name in self._closed or mention.name in self._read_by_rules:
                continue
            if is_whole(text, mention.start, mention.end):
                yield self._mentioned(text, mention)

    def _mentioned(self, text: str, mention: Mention) -> Entity:
        typed = text[mention.start : mention.end]
        value = self._value(mention.name, typed)
        return Entity(mention.name, value.text, typed, mention.start, mention.end, value.valid)

    def _with_roles(self, text: str, found: tuple[Entity, ...]) -> tuple[Entity, ...]:
        if self._recogniser is None or not found:
            return found
        parts = self._recogniser.roles_of(text, [(entity.name, entity.start, entity.end) for entity in found])
        return tuple(
            replace(entity, role=role, group=group) for entity, (role, group) in zip(found, parts, strict=True)
        )

    def _phones(self, text: str) -> Iterable[Phone]:
        """Telephone numbers, those that a line break parts included; two in two lines are two."""
        yield from phones_in(text, self._settings.country)
        if "\n" in text:
            for phone in phones_in(text.replace("\n", " "), self._settings.country):
                if "\n" in text[phone.start : phone.end]:
                    yield phone

    def _by_pattern(self, text: str) -> Iterable[Entity]:
        for name, pattern in self._patterns:
            said = said_from_where(name, text)
            for match in pattern.finditer(text):
                start, end = match.span()
                if not is_whole(text, start, end, labels=LABELS | set(name.split("_"))):
                    continue
                value = self._value(name, match.group())
                if match.group() and (value.valid or is_meant(match, said, text)):
                    called = CALLED if self._kind(name) == POSTCODE else ()
                    doubtful = is_doubtful(name, text, start, end, called)
                    yield Entity(name, value.text, match.group(), start, end, value.valid, ambiguous=doubtful)

    def _addresses(self, text: str) -> Iterable[Entity]:
        """E-mail addresses, also those that a trainer's pattern knows only a part of: with letters of other scripts."""
        if "@" in text:
            yield from (Entity.at(self._by_kind[EMAIL], found, text) for found in addresses_as_read(text))

    def _postcodes_in(self, text: str) -> Iterable[Entity]:
        """The country's postcodes, where no pattern of a trainer says what they look like."""
        name = self._by_kind.get(POSTCODE)
        if name is None or self._postcodes is None:
            return
        called = self._postcodes.names
        labels = LABELS | set(name.split("_")) | {each for each in called if " " not in each}
        for code in self._postcodes.find(text):
            if is_whole(text, code.start, code.end, labels=labels):
                doubtful = is_doubtful(name, text, code.start, code.end, called)
                doubtful = doubtful or not (code.sure or is_named(name, text, code.start, code.end, called))
                yield Entity.at(name, code, text, ambiguous=doubtful)

    def _by_list(self, text: str, document: Any) -> Iterable[Entity]:
        for key, first, last in self._matcher(document):
            span = document[first:last]
            whole = is_whole(text, span.start_char, span.end_char)
            if whole and not ADDRESS.match(text, span.end_char):
                name = self._language.vocab.strings[key]
                yield self._listed(name, span.text, text, span.start_char, span.end_char)

    def _guessed(
        self, text: str, document: Any, found: Sequence[Entity], mentions: Sequence[Mention]
    ) -> Iterable[Entity]:
        """What the words that nothing explains yet were meant to be, by their letters and by their place."""
        # A listed name may be a part of a longer one ("frigde freezer"); what is anything else is spoken for.
        spoken_for = taken_by(text, (entity for entity in found if entity.name not in self._near))
        free = [word for word in words_of(document) if not spoken_for.touches(word.start, word.end)]
        near = [
            self._listed(name, each.listed, text, each.start, each.end)
            for name, names in self._near.items()
            for each in names.find(free)
            if not ADDRESS.match(text, each.end)
        ]
        yield from near
        known = taken_by(text, [*found, *near])
        for mention in mentions:
            # What was learnt of days and hours, where no rule reads one.
            if mention.name in self._read_by_rules - self._closed and not known.touches(mention.start, mention.end):
                yield replace(self._mentioned(text, mention), valid=True)
        odd = [word for word in free if not self._is_explained(word, known)]
        if odd:
            yield from self._recognised(text, odd, mentions if self._has_open else self._mentions(text))

    def _is_explained(self, word: Word, known: Taken) -> bool:
        if not word.text.isalpha() or word.text.lower() in self._ordinary:
            return True
        return known.touches(word.start, word.end)

    def _recognised(self, text: str, odd: Sequence[Word], mentions: Sequence[Mention]) -> Iterable[Entity]:
        """What is like a listed name around an unexplained word, where the recogniser says so, too."""
        begins = Taken(len(text))
        for word in odd:
            begins.take(word.start, word.start + 1)
        for mention in mentions:
            if mention.name in self._near and begins.touches(mention.start, mention.end):
                listed = self._near[mention.name].closest(text[mention.start : mention.end])
                if listed is not None:
                    yield self._listed(mention.name, listed, text, mention.start, mention.end)

    def _listed(self, name: str, listed: str, text: str, start: int, end: int) -> Entity:
        written = self._as_written.get(name, {}).get(listed.lower(), listed)
        return Entity(name, self._canonical.get(listed.lower(), written), text[start:end], start, end)

    def _value(self, name: str, typed: str) -> Value:
        known = self._canonical.get(typed.lower())
        if known is not None:
            return Value(known)
        if name in self._settings.forms:
            value = in_form(typed, self._settings.forms[name])
            check = self._settings.checks.get(name)
            return Value(value, check is None or CHECKS[check](value))
        kind = self._kind(name)
        if kind == EMAIL:
            return email(typed)
        if kind == POSTCODE and self._postcodes is not None:
            code = self._postcodes.canonical(typed)
            return Value(typed, valid=False) if code is None else Value(code)
        return Value(self._as_written.get(name, {}).get(typed.lower(), typed))

    def _kind(self, name: str) -> str:
        return kind_of(name, self._settings.kinds)

    def save(self, folder: Path) -> None:
        """Write a JSON file, and the recogniser beside it, into a folder that may hold others."""
        folder.mkdir(parents=True, exist_ok=True)
        content = {
            "schema": _SCHEMA,
            **self._taught.to_json(),
            **asdict(self._settings),
            "seen": sorted(self._seen),
            "recogniser": self._recogniser is not None,
            "closed": sorted(self._closed),
        }
        artefact.write_json(folder / _FILE, content)
        if self._recogniser is not None:
            self._recogniser.save(folder)

    @classmethod
    def load(cls, folder: Path) -> EntityFinder:
        """Read what :meth:`save` wrote; :class:`ArtefactError` when it is not whole."""
        content = artefact.read_json(folder / _FILE, _SCHEMA, _COMMAND)
        try:
            taught = Taught.from_json(content)
            settings = Settings(**{name: content[name] for name in Settings.__dataclass_fields__})
            ordinary = english_words() | frozenset(content["seen"])
            recogniser = Recogniser.load(folder, ordinary, _COMMAND) if content["recogniser"] else None
            finder = cls(taught, settings, content["seen"], recogniser, content["closed"])
            finder.warm_up()
        except ArtefactError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, WarmlineError) as error:
            raise ArtefactError(folder / _FILE, f"it is damaged ({error!r}).", _COMMAND) from error
        return finder

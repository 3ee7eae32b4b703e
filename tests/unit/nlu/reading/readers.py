"""Every reader of a customer's words, in one table: whoever adds one writes its line here."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from itertools import pairwise
from pathlib import Path

import numpy as np

import bot.knowledge
import bot.nlu
from bot import core
from bot.dialogue.arbiter import decide
from bot.dialogue.context import (
    Context,
    Waiting,
    completed,
    concludes,
    corrected,
    first_sentence,
    follows,
    is_short,
    points_at_one,
)
from bot.dialogue.corrections import may_take_back, question_behind_yes, takes_back
from bot.dialogue.inside_form import asks_what_there_is
from bot.dialogue.signs import sign_in
from bot.dialogue.statements import has_shape_of_question, statement_in
from bot.dialogue.told import (
    TellingWords,
    beside_values,
    is_only_values,
    told_before,
    told_in_words,
    without_told_before,
)
from bot.dialogue.weighed import Answers as AnswersFound
from bot.dialogue.weighed import EntityFound, Sharing
from bot.dialogue.wish_words import WishWords
from bot.knowledge.answering.advised import Advised
from bot.knowledge.answering.asking import Asking, kind_of
from bot.knowledge.answering.follow_up import LastQuestion, opens_like_one, rewritten
from bot.knowledge.answering.narrowing import asked_about, days_of
from bot.knowledge.index.passages import Passage
from bot.knowledge.index.pieces import pieces_of
from bot.knowledge.index.products import Families, codes_in
from bot.knowledge.index.words import WordIndex, split_words, stems_of
from bot.nlu.countries import country_of
from bot.nlu.entities import values
from bot.nlu.entities.addresses import address_meant, addresses_as_read, addresses_in
from bot.nlu.entities.entity import Entity, masked, taken_by
from bot.nlu.entities.near_names import NearNames, Word
from bot.nlu.entities.postcodes import shapes
from bot.nlu.entities.reader import EntityFinder, Settings, Taught
from bot.nlu.entities.recogniser import Annotated, Mention, Recogniser
from bot.nlu.entities.surroundings import said_from_where
from bot.nlu.entities.times import moments_in
from bot.nlu.entities.values import phones_in
from bot.nlu.intents.features import Vocabulary, normalised, terms_of
from bot.nlu.languages.detection import LanguageReader
from bot.nlu.languages.english_words import words_of
from bot.nlu.reading.acts import ActReader
from bot.nlu.reading.cap import read_of, readable
from bot.nlu.reading.choosing import chosen
from bot.nlu.reading.clauses import (
    asks_in_a_clause,
    clauses_of,
    counts_wishes,
    first_words,
    says_also,
    tells_and_asks,
    told_in,
    without_lead,
    words_in,
)
from bot.nlu.reading.danger import DangerReader
from bot.nlu.reading.danger_asked import asked_in_danger
from bot.nlu.reading.danger_words import read_safety
from bot.nlu.reading.done_already import done_already
from bot.nlu.reading.doubt import is_doubtful, is_little_else, is_named
from bot.nlu.reading.fragment import content_of, goes_on_asking
from bot.nlu.reading.in_line import asked_in_line
from bot.nlu.reading.negation import Mentioned, stances
from bot.nlu.reading.normalise import normalise
from bot.nlu.reading.own_question import asks, asks_of_its_own
from bot.nlu.reading.own_words import Words
from bot.nlu.reading.patterns import TrainersPattern
from bot.nlu.reading.phrases import marked_clauses, words_of_clause
from bot.nlu.reading.rewritten import Rewritten
from bot.nlu.reading.ruled_out import contrast_in
from bot.nlu.reading.slips import weight_of
from bot.nlu.reading.spelling import Speller
from bot.nlu.reading.talk_words import read_talk_words
from bot.nlu.reading.told_wish import wish_told
from bot.nlu.reading.whole import is_whole
from bot.nlu.scope.verdict import ScopeVerdict
from bot.nlu.secrets.cards import OwnNumbers, cards_in
from bot.nlu.secrets.passwords import answers_with_password, asks_for_password, may_be_password, passwords_in
from bot.nlu.secrets.reader import SecretReader
from bot.nlu.tone.complaints import tells_what
from bot.nlu.tone.feelings import Feelings, read_feelings
from bot.nlu.tone.phrases import tokens_of
from bot.nlu.tone.trend import Earlier, ToneModel, speaks_up
from bot.nlu.tone.waiting import felt_while_waiting
from bot.nlu.tone.words import FEATURES, counted, is_outspoken
from bot.nlu.wishes.splitting import SplitPoints, StretchReading, WishSplitter, refers_back

NOW = datetime(2026, 3, 4, 12, tzinfo=timezone.utc)
NAMES = ("dishwasher", "washing machine", "fridge freezer", "heron 9", "tern-60", "kestrel")

_FINDER = EntityFinder(
    Taught(
        lookups={"product": NAMES},
        regexes=[
            ("order_number", r"(?i:\bL\.? ?F[ :#._\u2013-]{0,3}\d(?:[ -]?\d){6}\b)"),
            ("order_number", r"\b\d{7}\b"),
            ("email", r"(?i:\b[A-Z0-9][A-Z0-9._%+'&-]*@(?:[A-Z0-9-]+\.)+[A-Z]{2,}\b)"),
        ],
    ),
    Settings("Europe/London", "GB", forms={"order_number": "LF-0000000"}, checks={"order_number": "luhn"}),
)
_CITIES = ("Oslo", "Rome", "Lima", "Bern", "Cork", "Nice")
_MARKED = [
    Annotated(f"from {one} to {other} please", (Mention("city", 5, 9, "from"), Mention("city", 13, 17, "to")))
    for one, other in pairwise(_CITIES)
]
_RECOGNISER = Recogniser.train(_MARKED, frozenset({"from", "to", "please"}))
assert _RECOGNISER is not None
_LANGUAGE = LanguageReader()
_DANGER = DangerReader(read_safety(Path(__file__).resolve().parents[4] / "data" / "safety"))
_LANGUAGE.warm_up()
_FINDER.warm_up()
_NEAR = NearNames(NAMES, frozenset({"the", "and"}))
_SPELLER = Speller(Words.of(["how much does delivery cost", "where is my order"], NAMES), {"u": "you"})
_WORDS = WordIndex.build(["how much does delivery cost", "where is my order"])
_VOCABULARY = Vocabulary.learn(["how much does delivery cost", "where is my order"])
_ROWS = "- Error A1 means that the door is open.\n- Error A2 means that the filter is blocked.\n"
_PIECES = tuple(pieces_of(_ROWS))
_ITEMS = tuple((piece.start, piece.end) for piece in _PIECES)
_ADVISED = Advised(_ROWS, "error")
_FAMILIES = Families.of([Passage(0, "a", "A", "", "", (), "E04 is a code.", 0, 14, products=NAMES)])
_CONTEXT = Context((LastQuestion("where is it", "a"),), Waiting("it leaks", "product", {}))
_TONE = ToneModel(np.zeros(4 + len(FEATURES) + 1), np.zeros(8), 0.5)
_FEELINGS = Feelings(read_feelings(Path(__file__).parent))
_SPLITTER = WishSplitter.load()
_TELLING = TellingWords(re.compile(r"\bleak"), re.compile(r"\bsend"))
_WISHES = WishWords({"book": frozenset({"technician"})})
_ACTS = ActReader(read_talk_words(core.words_folder(Path(__file__).resolve().parents[4], "talk")))
_FORMS = ("ORD-0000000000000000", "0000 0000 00000")
_OWN_NUMBERS = OwnNumbers(_FORMS)
_SECRETS = SecretReader(_FORMS)
_VECTOR = np.full(4, 0.5, dtype=np.float32)
_LOOK = StretchReading(np.asarray([0.5, 0.5]), 0, 0.5, 0.1, 0.1, 0.5, _VECTOR)


def _looks(texts: Sequence[str]) -> list[StretchReading]:
    return [_LOOK for _ in texts]


def _all(found: Iterator[object]) -> None:
    for _ in found:
        pass


def _decide(text: str) -> None:
    places = [EntityFound("product", place, place + 5) for place in range(0, len(text), 10)]
    decide(text, (), ScopeVerdict(True, 1.0, ""), places, AnswersFound(), {}, Sharing(0.1))


READERS: Mapping[str, Callable[[str], object]] = {
    "bot.nlu.reading.cap.readable": readable,
    "bot.nlu.reading.cap.read_of": read_of,
    "bot.nlu.reading.normalise.normalise": normalise,
    # What follows takes a text as it is read, and is given one.
    "bot.nlu.reading.clauses.clauses_of": lambda text: clauses_of(read_of(text)),
    "bot.nlu.reading.clauses.without_lead": lambda text: without_lead(read_of(text)),
    "bot.nlu.reading.clauses.first_words": lambda text: first_words(read_of(text), 6),
    "bot.nlu.reading.clauses.words_in": lambda text: words_in(read_of(text)),
    "bot.nlu.reading.clauses.counts_wishes": lambda text: counts_wishes(read_of(text)),
    "bot.nlu.reading.clauses.asks_in_a_clause": lambda text: asks_in_a_clause(read_of(text)),
    "bot.nlu.reading.clauses.tells_and_asks": lambda text: tells_and_asks(read_of(text)),
    "bot.nlu.reading.clauses.told_in": lambda text: told_in(read_of(text)),
    "bot.nlu.reading.clauses.says_also": lambda text: says_also(read_of(text)),
    "bot.nlu.reading.ruled_out.contrast_in": lambda text: contrast_in(Rewritten(read_of(text))),
    "bot.nlu.reading.spelling.Speller.correct": _SPELLER.correct,
    "bot.nlu.reading.slips.weight_of": lambda text: weight_of(text[:24] or "a", "delivery"),
    "bot.nlu.reading.patterns.TrainersPattern.finditer": lambda text: _all(
        TrainersPattern.of("name", r"\b\d{7}\b").finditer(read_of(text))
    ),
    "bot.nlu.reading.negation.stances": lambda text: stances(read_of(text), _days(read_of(text))),
    "bot.nlu.reading.whole.is_whole": lambda text: is_whole(read_of(text), 10, 20),
    "bot.nlu.reading.doubt.is_doubtful": lambda text: is_doubtful("order_number", read_of(text), 10, 20),
    "bot.nlu.reading.doubt.is_little_else": lambda text: is_little_else(read_of(text), [(10, 20)]),
    "bot.nlu.entities.addresses.addresses_as_read": lambda text: _all(addresses_as_read(read_of(text))),
    "bot.nlu.entities.entity.taken_by": lambda text: taken_by(read_of(text), _entities(read_of(text))),
    "bot.nlu.entities.entity.masked": lambda text: masked(read_of(text), _entities(read_of(text))),
    "bot.nlu.entities.surroundings.said_from_where": lambda text: said_from_where("order_number", read_of(text)),
    "bot.knowledge.index.words.split_words": lambda text: split_words(read_of(text)),
    "bot.nlu.entities.near_names.NearNames.find": lambda text: _NEAR.find(_words(read_of(text))),
    "bot.nlu.entities.near_names.NearNames.is_ordinary": _NEAR.is_ordinary,
    "bot.nlu.entities.near_names.NearNames.closest": lambda text: _NEAR.closest(read_of(text)),
    "bot.nlu.secrets.cards.cards_in": lambda text: _all(cards_in(read_of(text), _OWN_NUMBERS)),
    "bot.nlu.secrets.cards.OwnNumbers.places": lambda text: _OWN_NUMBERS.places(read_of(text)),
    "bot.nlu.secrets.passwords.passwords_in": lambda text: passwords_in(read_of(text)),
    "bot.nlu.secrets.passwords.asks_for_password": lambda text: asks_for_password(read_of(text)),
    "bot.nlu.secrets.passwords.may_be_password": lambda text: may_be_password(read_of(text)),
    "bot.nlu.secrets.passwords.answers_with_password": lambda text: answers_with_password(read_of(text)),
    # And these as it was typed.
    "bot.nlu.secrets.reader.SecretReader.hidden": lambda text: _SECRETS.hidden(text, asked_for_password=True),
    "bot.nlu.entities.reader.EntityFinder.find": lambda text: _FINDER.find(text, NOW),
    "bot.nlu.entities.recogniser.Recogniser.find": _RECOGNISER.find,
    "bot.nlu.entities.recogniser.Recogniser.find_as_read": _RECOGNISER.find_as_read,
    "bot.nlu.entities.reader.EntityFinder.understand": lambda text: _FINDER.understand(text, NOW, {"order_number"}),
    "bot.nlu.entities.addresses.addresses_in": addresses_in,
    "bot.nlu.entities.addresses.address_meant": address_meant,
    "bot.nlu.entities.times.moments_in": lambda text: moments_in(text, NOW, country_of("GB")),
    "bot.nlu.entities.values.phones_in": lambda text: _all(phones_in(text, "GB")),
    "bot.nlu.entities.postcodes.Shape.canonical": shapes()["GB"].canonical,
    "bot.nlu.entities.postcodes.Shape.find": lambda text: _all(shapes()["GB"].find(read_of(text))),
    "bot.nlu.reading.doubt.is_named": lambda text: is_named("order_number", read_of(text), 10, 20),
    "bot.nlu.entities.values.email": lambda text: values.email(read_of(text)),
    "bot.nlu.entities.values.in_form": lambda text: values.in_form(text, "LF-0000000"),
    "bot.nlu.languages.detection.LanguageReader.read": _LANGUAGE.read,
    "bot.nlu.reading.danger.DangerReader.read": _DANGER.read,
    "bot.nlu.reading.danger_asked.asked_in_danger": asked_in_danger,
    "bot.nlu.reading.in_line.asked_in_line": asked_in_line,
    "bot.nlu.reading.fragment.goes_on_asking": goes_on_asking,
    "bot.nlu.reading.fragment.content_of": content_of,
    "bot.nlu.reading.told_wish.wish_told": wish_told,
    "bot.nlu.tone.waiting.felt_while_waiting": felt_while_waiting,
    "bot.nlu.reading.done_already.done_already": done_already,
    "bot.nlu.reading.own_question.asks": asks,
    "bot.nlu.reading.own_question.asks_of_its_own": asks_of_its_own,
    "bot.nlu.tone.words.counted": counted,
    "bot.nlu.tone.words.is_outspoken": is_outspoken,
    "bot.nlu.tone.trend.speaks_up": lambda text: speaks_up(text, 0.1),
    "bot.nlu.tone.phrases.tokens_of": tokens_of,
    "bot.nlu.tone.feelings.Feelings.read": lambda text: _FEELINGS.read(text, 0.9),
    "bot.nlu.tone.complaints.tells_what": tells_what,
    "bot.nlu.tone.trend.ToneModel.judge": lambda text: _TONE.judge(text, _VECTOR, [Earlier(text, 0.5)] * 3),
    "bot.nlu.intents.features.terms_of": terms_of,
    "bot.nlu.intents.features.normalised": normalised,
    "bot.nlu.intents.features.Vocabulary.weigh": _VOCABULARY.weigh,
    "bot.nlu.wishes.splitting.SplitPoints": lambda text: SplitPoints(text).stretches,
    "bot.nlu.wishes.splitting.WishSplitter.split": lambda text: _SPLITTER.split(text, _looks),
    "bot.nlu.wishes.splitting.refers_back": lambda text: refers_back(read_of(text)),
    "bot.nlu.reading.acts.ActReader.read": _ACTS.read,
    "bot.nlu.reading.acts.ActReader.person_about": _ACTS.person_about,
    "bot.nlu.reading.phrases.marked_clauses": lambda text: list(marked_clauses(read_of(text), re.compile(r"[.,!?]+"))),
    "bot.nlu.reading.phrases.words_of_clause": lambda text: words_of_clause(read_of(text)),
    "bot.nlu.reading.choosing.chosen": lambda text: chosen(text, NAMES),
    "bot.nlu.languages.english_words.words_of": words_of,
    "bot.knowledge.answering.advised.Advised.pointed_at": lambda text: _ADVISED.pointed_at(read_of(text), _ITEMS),
    "bot.knowledge.answering.asking.kind_of": kind_of,
    "bot.knowledge.answering.asking.Asking.several": lambda text: Asking(text).several,
    "bot.knowledge.answering.narrowing.asked_about": lambda text: asked_about(_ROWS, _PIECES, None, Asking(text)),
    "bot.knowledge.answering.narrowing.days_of": lambda text: days_of(Asking(text)),
    "bot.knowledge.index.words.stems_of": stems_of,
    "bot.knowledge.index.words.WordIndex.scores": _WORDS.scores,
    "bot.knowledge.answering.follow_up.rewritten": lambda text: rewritten(text, LastQuestion("where is it", "a")),
    "bot.knowledge.answering.follow_up.opens_like_one": lambda text: opens_like_one(read_of(text)),
    "bot.knowledge.index.products.codes_in": codes_in,
    "bot.knowledge.index.products.Families.named_in": _FAMILIES.named_in,
    "bot.knowledge.index.products.Families.with_code": _FAMILIES.with_code,
    "bot.dialogue.context.completed": lambda text: completed(text, _CONTEXT, 1),
    "bot.dialogue.context.concludes": concludes,
    "bot.dialogue.context.corrected": lambda text: corrected(text, 1),
    "bot.dialogue.context.first_sentence": first_sentence,
    "bot.dialogue.context.follows": follows,
    "bot.dialogue.context.is_short": is_short,
    "bot.dialogue.context.points_at_one": points_at_one,
    "bot.dialogue.signs.sign_in": sign_in,
    "bot.dialogue.statements.has_shape_of_question": has_shape_of_question,
    "bot.dialogue.statements.statement_in": statement_in,
    "bot.dialogue.corrections.takes_back": takes_back,
    "bot.dialogue.corrections.may_take_back": may_take_back,
    "bot.dialogue.corrections.question_behind_yes": question_behind_yes,
    "bot.dialogue.inside_form.asks_what_there_is": asks_what_there_is,
    "bot.dialogue.told.told_before": told_before,
    "bot.dialogue.told.without_told_before": without_told_before,
    "bot.dialogue.told.is_only_values": lambda text: is_only_values(text, [(10, 20)]),
    "bot.dialogue.told.beside_values": lambda text: beside_values(text, [(10, 20)]),
    "bot.dialogue.told.told_in_words": lambda text: told_in_words(text, [(10, 20)], _TELLING),
    "bot.dialogue.wish_words.WishWords.name": lambda text: _WISHES.name("book", text),
    "bot.dialogue.arbiter.decide": _decide,
}

GIVEN_NUMBERS = {
    "bot.nlu.entities.surroundings.is_meant": "looks at a match's place and at the text's length",
    "bot.nlu.entities.recogniser.Recogniser.roles_of": "is part of Recogniser.find",
    "bot.nlu.entities.roles.RoleModel.find": "is part of Recogniser.find",
    "bot.nlu.entities.word_features.tokens_of": "is part of Recogniser.find",
    "bot.nlu.intents.classifier.IntentModel.classify": "reads the text by Vocabulary.weigh",
    "bot.nlu.intents.classifier.IntentModel.read": "reads the text by Vocabulary.weigh",
    "bot.nlu.scope.verdict.ScopeModel.judge": "looks only whether the text is blank",
    "bot.knowledge.answering.ranking.Ranker.rank": "reads the text by WordIndex.scores",
    "bot.knowledge.index.index.KnowledgeIndex.search": "reads the text by WordIndex.scores",
    "bot.knowledge.index.index.KnowledgeIndex.titled": "reads the text by stems_of",
    "bot.knowledge.index.search.Search.candidates": "reads the text by WordIndex.scores",
    "bot.knowledge.index.search.Search.passages": "reads the text by WordIndex.scores",
    "bot.knowledge.answering.answers.sha256_of": "reads nothing: a hash of an article's text",
}
"""Functions that take a text and read it only through a reader of the table."""

READ_NO_CUSTOMER = frozenset(
    {
        *(
            "bot.knowledge.sources.articles",
            "bot.knowledge.index.passages",
            "bot.knowledge.index.cutting",
            "bot.knowledge.index.duplicates",
        ),
        *(
            "bot.knowledge.review.claims",
            "bot.knowledge.sources.fields",
            "bot.knowledge.sources.readers",
            "bot.knowledge.review.gaps",
        ),
        "bot.knowledge.sources.links",
        *(
            "bot.knowledge.answering.learning",
            "bot.knowledge.review.checks",
            "bot.knowledge.review.passages",
            "bot.knowledge.answering.disagreement",
        ),
    }
)
"""Modules that read what editors write, at leisure."""

_TEXTS = frozenset({"text", "typed", "typed_text", "message", "said", "sentence"})


def _days(text: str) -> list[Mentioned]:
    return [Mentioned("date", place, place + 5) for place in range(0, len(text) - 5, 10)]


def _entities(text: str) -> list[Entity]:
    """One in every twenty characters."""
    return [Entity("each", "each", text[at : at + 5], at, at + 5) for at in range(0, len(text) - 5, 20)]


def _words(text: str) -> list[Word]:
    found, place = [], 0
    for word in text.split():
        place = text.index(word, place)
        found.append(Word(word, place, place + len(word)))
        place += len(word)
    return found


def public_readers() -> Iterator[str]:
    """Yield the public functions and methods of `bot.nlu` and `bot.knowledge` that take a text."""
    for package in (bot.nlu, bot.knowledge):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name in READ_NO_CUSTOMER or module.name.startswith("bot.knowledge.sources.readers"):
                continue
            loaded = importlib.import_module(module.name)
            for name, thing in vars(loaded).items():
                if name.startswith("_") or getattr(thing, "__module__", None) != module.name:
                    continue
                if inspect.isfunction(thing) and _takes_text(thing):
                    yield f"{module.name}.{name}"
                elif inspect.isclass(thing):
                    for method, function in vars(thing).items():
                        if not method.startswith("_") and inspect.isfunction(function) and _takes_text(function):
                            yield f"{module.name}.{name}.{method}"


def _takes_text(function: Callable[..., object]) -> bool:
    taken = inspect.signature(function).parameters.values()
    return any(one.name in _TEXTS and one.annotation in ("str", str) for one in taken)

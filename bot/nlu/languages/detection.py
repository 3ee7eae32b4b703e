"""Which language a message is in, when it is one that the assistant does not speak.

By its letters, by its small words, and by lingua's statistics of letter groups. A message of a few words, of names, or
with English around a foreign word stays English: to answer an English customer in Polish is the worse mistake.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.nlu.languages.english_words import english_words
from bot.nlu.languages.small_words import SMALL_WORDS
from bot.nlu.languages.spoken import expected
from bot.nlu.reading.cap import MOST_CHARACTERS, read_of

ENGLISH = "en"
UNKNOWN = "und"
"""ISO 639-2 has it for a language that is not determined."""

# All limits were chosen on language_sentences.yml of its tests and on the 2,476 English examples of data/nlu.
FEWEST_WORDS = 3
"""Fewer words in Latin letters say too little: "merci", "hola amigo", a name."""
_FREQUENT = 15_000
"""English words that count as such here; further down the list stand words of all languages."""
_EVERYDAY = 600
"""A word as frequent as this is English though another language has it too: "die", "no", "come"."""
_ENGLISH_SHARE = 0.5
_FEWEST_SMALL_WORDS = 2
_SMALL_WORD_SHARE = 0.3
_STATISTICS_WEIGHT = 0.3
"""Of lingua beside the share of small words: in so short a text it is often sure and wrong."""
_SURE = 0.9
_LEAD = 0.15
_FEWEST_OTHER = 4
_LETTERS_OF_A_SCRIPT = 2
_MOST_LETTERS_COUNTED = 500
"""Characters that lingua's statistics are asked about, some eighty words: it is sure after a dozen of them, and each
word costs it .4 ms."""

_SCRIPTS: Mapping[str, str | None] = {
    "GURMUKHI": "pa",
    "GUJARATI": "gu",
    "BENGALI": "bn",
    "DEVANAGARI": "hi",
    "TAMIL": "ta",
    "TELUGU": "te",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "THAI": "th",
    "GREEK": "el",
    "HEBREW": "he",
    "ETHIOPIC": "am",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "ARABIC": None,
    "CYRILLIC": None,
}
"""The language of a script by the first word of its letters' Unicode names; None where several share it."""

_URDU_LETTERS = frozenset("ٹڈڑےںہھگ")
_PERSIAN_LETTERS = frozenset("گچپژ")
_UKRAINIAN_LETTERS = frozenset("іїєґ")
_RUSSIAN_LETTERS = frozenset("ыэъё")


@dataclass(frozen=True)
class LanguageVerdict:
    """The language of a message."""

    language: str
    """ISO 639-1; ``und`` for one that is foreign and nothing more is known."""
    why: str

    @property
    def is_english(self) -> bool:
        """Whether the assistant goes on as usual."""
        return self.language == ENGLISH


_STAYS_ENGLISH = LanguageVerdict(ENGLISH, "English, or too little to tell")


_SPOKEN_IN = {
    word: tuple(code for code, small in SMALL_WORDS.items() if word in small)
    for word in frozenset().union(*SMALL_WORDS.values())
}
"""The languages of each small word: one look for a word, however many languages there are."""


class LanguageReader:
    """Tells the language of a message; ``known`` are words of the company, English whatever they look like.

    ``languages`` (ISO 639-1) are those in Latin letters among which lingua chooses (`spoken.py`).
    """

    def __init__(
        self, known: Iterable[str] = (), fewest_words: int = FEWEST_WORDS, languages: Sequence[str] = ()
    ) -> None:
        foreign = frozenset().union(*SMALL_WORDS.values()) - english_words(_EVERYDAY)
        self.known = frozenset(known)
        self._english = (english_words(_FREQUENT) - foreign) | self.known
        self._fewest_words = fewest_words
        self.languages = tuple(languages) or expected()

    def warm_up(self) -> None:
        """Load lingua's statistics, so that no customer waits for them."""
        _statistics("hello", self.languages)
        _cyrillic("привет")

    def read(self, text: str, taken: Collection[tuple[int, int]] = ()) -> LanguageVerdict:
        """Tell the language; ``taken`` are the places of entities, which belong to no language."""
        read = read_of(text)
        script = _script(read)
        if script is not None:
            return LanguageVerdict(_of_script(script, read), f"written in {script.title()} letters")
        words = [word for word in _words(text, taken) if len(word) > 1 or word in _ONE_LETTER]
        if len(words) < self._fewest_words:
            return _STAYS_ENGLISH
        english = sum(word in self._english for word in words) / len(words)
        if english > _ENGLISH_SHARE:
            return _STAYS_ENGLISH
        return self._of_latin(words, english)

    def _of_latin(self, words: Sequence[str], english: float) -> LanguageVerdict:
        hits = dict.fromkeys(SMALL_WORDS, 0)
        for word in words:
            for code in _SPOKEN_IN.get(word, ()):
                hits[code] += 1
        guess = _statistics(" ".join(words)[:_MOST_LETTERS_COUNTED], self.languages)
        best = max(hits, key=lambda code: hits[code] / len(words) + _STATISTICS_WEIGHT * guess.get(code, 0.0))
        share = hits[best] / len(words)
        if share > english and hits[best] >= _FEWEST_SMALL_WORDS and share >= _SMALL_WORD_SHARE:
            return LanguageVerdict(best, f"{hits[best]} of {len(words)} words are small words of it")
        likeliest, probability = max(guess.items(), key=lambda each: each[1], default=(ENGLISH, 1.0))
        if likeliest != ENGLISH and probability >= _SURE and english <= _ENGLISH_SHARE - _LEAD:
            if hits.get(likeliest, 0):
                return LanguageVerdict(likeliest, f"letters and {hits[likeliest]} of {len(words)} words are like it")
            if likeliest not in SMALL_WORDS and len(words) >= _FEWEST_OTHER and english < _LEAD:
                return LanguageVerdict(likeliest, "its letters are like it, and hardly a word is English")
        return _STAYS_ENGLISH


# "I" and "a" are English; others of one letter are initials, or words of another language.
_ONE_LETTER = frozenset("iaeyozwàèéó")


def _words(text: str, taken: Collection[tuple[int, int]]) -> list[str]:
    """The words outside taken places, lower case, without those that hold a digit or an @."""
    characters = list(text[:MOST_CHARACTERS])
    for start, end in taken:
        characters[start:end] = " " * (min(end, len(characters)) - start)
    words: list[str] = []
    for piece in read_of("".join(characters)).lower().split():
        if "@" in piece or "://" in piece or piece.startswith("www."):
            continue
        bare = piece.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
        split = "".join(character if character.isalnum() else " " for character in bare)
        words.extend(word for word in split.split() if any(character.isalpha() for character in word))
    # Digits stand for letters in Arabic as it is typed on a phone ("3andi"); others are numbers and models.
    return [word for word in words if not word[0].isdigit() or word in SMALL_WORDS["ar"]]


def _script(text: str) -> str | None:
    """The script of a message that is mostly not in Latin letters, None for one that is."""
    if text.isascii():
        return None
    counts: Counter[str] = Counter()
    for character in text:
        if character.isalpha():
            name = unicodedata.name(character, "")
            script = name.partition(" ")[0]
            counts[script if script in _SCRIPTS else "LATIN"] += 1
    latin = counts.pop("LATIN", 0)
    if not counts or sum(counts.values()) < max(_LETTERS_OF_A_SCRIPT, latin):
        return None
    if counts["HIRAGANA"] + counts["KATAKANA"]:
        return "HIRAGANA"
    return counts.most_common(1)[0][0]


def _of_script(script: str, text: str) -> str:
    known = _SCRIPTS[script]
    if known is not None:
        return known
    letters = set(text.lower())
    if script == "ARABIC":
        if len(letters & _URDU_LETTERS - _PERSIAN_LETTERS):
            return "ur"
        return "fa" if letters & _PERSIAN_LETTERS else "ar"
    if letters & _UKRAINIAN_LETTERS:
        return "uk"
    if letters & _RUSSIAN_LETTERS:
        return "ru"
    return _cyrillic(text)


@lru_cache(maxsize=1)
def _latin_detector(codes: tuple[str, ...]) -> Any:
    """Lingua for what is written in Latin letters: it loads at its first question (30 MB, two tenths of a second)."""
    import lingua

    return _detector([lingua.Language.from_iso_code_639_1(lingua.IsoCode639_1.from_str(code)) for code in codes])


@lru_cache(maxsize=1)
def _cyrillic_detector() -> Any:
    import lingua

    return _detector([lingua.Language.UKRAINIAN, lingua.Language.RUSSIAN, lingua.Language.BULGARIAN])


def _detector(languages: Sequence[Any]) -> Any:
    import lingua

    return lingua.LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


def _statistics(text: str, languages: tuple[str, ...]) -> dict[str, float]:
    """How likely each language is by its groups of three letters, by ISO 639-1 code."""
    values = _latin_detector(languages).compute_language_confidence_values(text)
    return {value.language.iso_code_639_1.name.lower(): value.value for value in values}


def _cyrillic(text: str) -> str:
    found = _cyrillic_detector().detect_language_of(text[:_MOST_LETTERS_COUNTED])
    return str(found.iso_code_639_1.name.lower()) if found is not None else UNKNOWN

"""Foreign messages are told from English ones that only look foreign."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.languages.detection import ENGLISH, UNKNOWN, LanguageReader

SENTENCES = yaml.safe_load((Path(__file__).parent / "language_sentences.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def reader() -> LanguageReader:
    return LanguageReader(known={"hob", "kerbside", "dishwasher"})


@pytest.mark.parametrize("language", [language for language in SENTENCES if language != ENGLISH])
def test_a_development_sentence_is_in_its_language(reader: LanguageReader, language: str) -> None:
    assert [(text, reader.read(text).language) for text in SENTENCES[language]] == [
        (text, language) for text in SENTENCES[language]
    ]


@pytest.mark.parametrize("text", SENTENCES[ENGLISH])
def test_english_stays_english_whatever_it_looks_like(reader: LanguageReader, text: str) -> None:
    assert reader.read(text).is_english


@pytest.mark.parametrize("text", ["merci beaucoup", "hola", "ok", "", "???", "12345", "\U0001f600"])
def test_too_little_to_tell_is_english(reader: LanguageReader, text: str) -> None:
    assert reader.read(text).is_english


def test_one_word_in_other_letters_is_enough(reader: LanguageReader) -> None:
    assert reader.read("مرحبا").language == "ar"
    assert reader.read("Привіт").language == "uk"


def test_what_is_named_belongs_to_no_language(reader: LanguageReader) -> None:
    text = "Frau Schmidt und Herr Weber, LS6 2AB"
    assert reader.read(text, [(0, len(text))]).is_english


def test_the_fewest_words_are_a_setting() -> None:
    assert LanguageReader(fewest_words=6).read("wo ist meine Bestellung").is_english


@settings(max_examples=200)
@given(text=st.text(max_size=300))
def test_whatever_is_typed_has_a_language(reader: LanguageReader, text: str) -> None:
    verdict = reader.read(text)
    assert verdict.language == UNKNOWN or (len(verdict.language) == 2 and verdict.language.isalpha())

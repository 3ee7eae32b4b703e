"""Foreign messages are told from English ones that only look foreign."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import SettingError
from bot.nlu.languages.detection import ENGLISH, UNKNOWN, LanguageReader
from bot.nlu.languages.spoken import expected, languages_in, listed

BRITAINS = ("pl", "ro", "pt", "es", "it", "fr", "de", "cy", "tr", "lt", "hu", "nl", "cs", "sk", "sq", "so")
"""The languages of the development sentences and their neighbours."""

SENTENCES = yaml.safe_load((Path(__file__).parent / "language_sentences.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def reader() -> LanguageReader:
    return LanguageReader({"hob", "kerbside", "dishwasher"}, languages=listed(BRITAINS))


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


@pytest.mark.parametrize(
    ("country", "spoken"), [("US", {"en", "es", "fr"}), ("IE", {"en", "ga"}), ("DE", {"de", "en", "tr", "nl", "hr"})]
)
def test_the_languages_are_those_of_the_country(tmp_path: Path, country: str, spoken: set[str]) -> None:
    """As CLDR has them, wherever they come from; a list of the company's own counts instead."""
    config = tmp_path / "config.yml"
    entities = f"pipeline:\n- name: bot.brain.components.entities.WarmlineEntities\n  country: {country}\n"
    config.write_text(entities)
    assert spoken <= set(languages_in(config))
    assert "so" not in languages_in(config)
    config.write_text(f"{entities}- name: bot.brain.components.language.WarmlineLanguage\n  languages: [so]\n")
    assert languages_in(config) == ("en", "so")


def test_a_language_that_is_spoken_in_the_country_is_told_there() -> None:
    """Irish in Ireland; elsewhere it is foreign, or looks like a neighbour."""
    text = "cá bhfuil mo ordú agus cathain a thiocfaidh sé"
    assert LanguageReader(languages=expected(["en", "ga"])).read(text).language == "ga"
    assert LanguageReader(languages=expected(["en"])).read(text).language != "ga"


@pytest.mark.parametrize("code", ["xx", "ru", "english"])
def test_a_language_that_cannot_be_listed_is_named(code: str) -> None:
    """With those that can; other letters say it themselves."""
    with pytest.raises(SettingError, match=f"'{code}'.*Languages in other letters need not be listed"):
        listed([code])


def test_without_a_file_the_languages_are_those_that_the_product_knows(tmp_path: Path) -> None:
    """And of a list that is none the sentence says so."""
    assert languages_in(tmp_path / "config.yml") == expected()
    (tmp_path / "config.yml").write_text("pipeline:\n- {name: a.WarmlineLanguage, languages: fr}\n")
    with pytest.raises(SettingError, match="is no list"):
        languages_in(tmp_path / "config.yml")

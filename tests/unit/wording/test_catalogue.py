"""A sentence is said in the customer's language, in the company's words where it has some, and never not at all."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.catalogue import Catalogue
from bot.wording.files import placeholders, product_catalogue, read_product
from bot.wording.moments import City, Clock, Day
from bot.wording.sentences import wording

ENGLISH_ONLY = {"widget.person_message"}
"""What the widget says in the customer's place: the assistant has to understand it."""
NEXT = wording("queue.now_next")


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("de", "Sie sind jetzt als Nächstes an der Reihe."),
        ("de-AT", "Sie sind jetzt als Nächstes an der Reihe."),
        ("DE_de", "Sie sind jetzt als Nächstes an der Reihe."),
        ("zh-Hans-CN", "现在下一位就轮到您了。"),
        ("en-GB", "You are next in the queue now."),
        ("nl", "You are next in the queue now."),
        ("", "You are next in the queue now."),
        ("%", "You are next in the queue now."),
    ],
)
def test_the_first_language_of_the_locale_that_is_known_says_it(locale: str, said: str) -> None:
    """`de-AT` reads German, and a language without a translation English."""
    assert product_catalogue().say(NEXT, locale) == said


def test_a_companys_words_go_before_the_products_in_the_same_language_only() -> None:
    """Who changed the English text has not changed the German one."""
    catalogue = Catalogue(
        read_product(), {"en": {"queue.now_next": "Your turn!"}, "de-at": {"queue.now_next": "Servus"}}
    )
    said = {locale: catalogue.say(NEXT, locale) for locale in ("en", "de", "de-AT", "nl")}
    assert said == {
        "en": "Your turn!",
        "de": "Sie sind jetzt als Nächstes an der Reihe.",
        "de-AT": "Servus",
        "nl": "Your turn!",
    }


def test_a_language_of_the_companys_own_says_what_it_has_and_english_the_rest() -> None:
    """A missing text is never a missing sentence."""
    catalogue = Catalogue(read_product(), {"it": {"queue.now_next": "Tocca a Lei."}})
    assert catalogue.say((NEXT, wording("queue.keep_writing")), "it-IT") == (
        "Tocca a Lei. You can keep writing here in the meantime."
    )


def test_a_sentence_inside_a_sentence_has_its_language() -> None:
    """No "Ihr Termin: tomorrow at 2 pm"."""
    time_said = wording("time.tomorrow", clock=Clock(time(14, 0)))
    assert product_catalogue().say(wording("callback.set", time=time_said), "de").count("morgen um 14:00 Uhr") == 1


def test_plural_forms_are_the_languages_own() -> None:
    """Arabic has a form for two and one for three to ten, English has neither, Chinese none at all."""
    for locale, said in {
        "en": ["no more than 1 minute.", "no more than 2 minutes.", "no more than 3 minutes."],
        "ar": ["من دقيقة واحدة.", "من دقيقتين.", "من 3 دقائق."],
        "zh": ["不超过 1 分钟。", "不超过 2 分钟。", "不超过 3 分钟。"],
    }.items():
        for count, end in enumerate(said, start=1):
            assert product_catalogue().say(wording("queue.wait_at_most", count=count), locale).endswith(end)


def test_chinese_sentences_stand_side_by_side() -> None:
    """Between two full-width full stops there is no blank."""
    assert " " not in product_catalogue().say((NEXT, wording("queue.keep_writing")), "zh")


def test_a_name_in_an_arabic_sentence_keeps_its_direction_and_an_address_its_end() -> None:
    """An isolate around the name; none behind a link, where it would become a part of it."""
    assert "\u2068Sam\u2069" in product_catalogue().say(wording("person.joined", agent="Sam"), "ar")
    link = product_catalogue().say(wording("elsewhere.link_to_telegram", url="https://t.me/x", count=24), "ar")
    assert "https://t.me/x\n" in link


def test_a_buttons_title_begins_with_a_capital() -> None:
    """ "Tomorrow at 14:00" alone, "tomorrow at 14:00" in a sentence."""
    said = wording("time.tomorrow", clock=Clock(time(14, 0)))
    assert [product_catalogue().say(one, "en") for one in (said, said.as_title())] == [
        "tomorrow at 14:00",
        "Tomorrow at 14:00",
    ]


def test_days_times_and_cities_read_as_in_the_language() -> None:
    """Never as in the server's language."""
    said = wording("time.with_zone", time=wording("time.day", day=Day(date(2026, 3, 9)), clock=Clock(time(14, 5))),
                   zone=wording("time.zone", city=City("Europe/Vienna")))  # fmt: skip
    assert {locale: product_catalogue().say(said, locale) for locale in ("en", "de", "es", "fr", "zh", "ar")} == {
        "en": "Monday 9 March at 14:05 (Vienna time)",
        "de": "Montag, 9. März um 14:05 Uhr (Ortszeit Wien)",
        "es": "lunes 9 de marzo, 14:05 (hora de Viena)",
        "fr": "lundi 9 mars à 14:05 (heure de Vienne)",
        "zh": "3月9日星期一 14:05（维也纳时间）",  # noqa: RUF001
        "ar": "الاثنين 9 مارس الساعة 2:05 م (بتوقيت فيينا)",
    }


@pytest.mark.parametrize("language", sorted(read_product()))
def test_each_translation_has_every_sentence(language: str) -> None:
    """A sentence that is added is added in every language that ships."""
    product = read_product()
    missing = set(product["en"]) - set(product[language]) - (ENGLISH_ONLY if language != "en" else set())
    assert missing == set()


@given(st.text(max_size=40))
def test_what_a_value_holds_is_shown_as_it_is(name: str) -> None:
    """A name is never read as a placeholder, and asks nothing of the objects behind the text."""
    assert product_catalogue().say(wording("person.joined", agent=name), "en").startswith(name)


@given(st.text(max_size=20))
def test_any_locale_gets_a_sentence(locale: str) -> None:
    """It comes from a page or a messenger, and may be anything."""
    assert product_catalogue().say(NEXT, locale)


@pytest.mark.parametrize("text", ["{", "}", "{}", "{0}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9999999}", "{{a}}", "{A}"])
def test_a_placeholder_is_a_name_and_nothing_more(text: str) -> None:
    """Python's own format language could read attributes, and fill the memory with blanks."""
    assert placeholders(text) is None

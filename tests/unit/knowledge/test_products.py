"""Families of products, as articles name them."""

from __future__ import annotations

from bot.knowledge.index.passages import Passage
from bot.knowledge.index.products import Families, codes_in


def passage(article: str, *products: str, text: str = "") -> Passage:
    """One of an article about these products."""
    return Passage(0, article, article, "", "", ("public",), text, 0, 0, "en", products)


FAMILIES = Families.of(
    [
        passage("all", "boat", "bike", "tent"),
        passage("boat-care", "boat", "otter 3", text="Error E04 means water."),
        passage("boat-prices", "boat"),
        passage("bike-care", "bike", "mountain-bike", text="F1 and E4 are codes."),
        passage("tent-care", "tent", text="E05 is a code."),
        passage("hours"),
    ]
)


def test_products_that_share_a_list_are_a_family_and_an_article_about_all_joins_none() -> None:
    """The kind comes first."""
    assert set(FAMILIES.all) == {"boat", "bike", "tent"}
    assert FAMILIES.all["boat"].products == {"boat", "otter 3"}
    assert [FAMILIES.of_article(name) for name in ("boat-care", "all", "hours", "none")] == ["boat", None, None, None]


def test_a_message_names_a_family_by_a_kind_a_model_or_the_models_first_word() -> None:
    """Or by a value that was read from another word."""
    assert FAMILIES.named_in("my Otter leaks, and the mountain bike too") == {"boat", "bike"}
    assert FAMILIES.named_in("my boats leak") == frozenset()
    assert FAMILIES.named_in("my dinghy leaks", ["boat"]) == {"boat"}
    assert FAMILIES.of_product("mountain-bike") == "bike"


def test_a_code_speaks_for_the_families_whose_articles_know_it() -> None:
    """With and without the nought."""
    assert codes_in("E04, e4 and F-12") == {"e4", "f12"}
    assert FAMILIES.with_code("what is e4") == {"boat", "bike"}
    assert FAMILIES.with_code("E5?") == {"tent"}
    assert FAMILIES.with_code("what is E99") is None

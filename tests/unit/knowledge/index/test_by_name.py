"""K12: colleagues find an article by its title, its id and its file, in any form of the words."""

from __future__ import annotations

import pytest

from bot.knowledge.index.by_name import found_by_people
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.names import Names
from bot.knowledge.sources.articles import load_articles

EVERYBODY = frozenset({"public", "internal"})
# Each article says, again and again, the words by which another one is called.
SHELF = {
    "internal-refund-limits": ("How much may I refund without approval?", "A ceiling for each grade of adviser.\n"),
    "refund-times": ("When do I get my money?", "Limits, limits: the internal limits of a refund take five days.\n"),
    "delivery-prices": ("What does delivery cost?", "Two people carry it in for £25.\n"),
    "cancel-order": ("Can I still change my mind?", "Stop the order until noon. Delivery, deliveries, prices.\n"),
    "e-19": ("Water stands in the machine", "Clean the filter.\n"),
}


@pytest.fixture
def index(write, encoder):
    """The shelf, each article in a file with a name of its own."""
    for article, (title, body) in SHELF.items():
        audience = "[internal]" if article.startswith("internal") else "[public]"
        path = write(f"file-of-{article}.md", body, id=article, title=title, audience=audience)
    return KnowledgeIndex.build(load_articles(path.parent), encoder)


@pytest.mark.parametrize(
    ("query", "article"),
    [
        ("refund limit", "internal-refund-limits"),
        ("internal refund limits", "internal-refund-limits"),
        ("Refund Limits", "internal-refund-limits"),
        ("refunding limits", "internal-refund-limits"),
        ("limits for a refund", "internal-refund-limits"),
        ("internal-refund-limits", "internal-refund-limits"),
        ("file-of-internal-refund-limits.md", "internal-refund-limits"),
        ("how much may I refund without approval", "internal-refund-limits"),
        ("deliveries price", "delivery-prices"),
        ("delivery pricing", "delivery-prices"),
        ("cancelling orders", "cancel-order"),
        ("cancelled order", "cancel-order"),
        ("e-19", "e-19"),
    ],
)
def test_an_article_is_found_by_what_it_is_called(index, encoder, query, article):
    """K12: the name decides, whatever else says these words."""
    (vector,) = encoder.encode([query])
    hits = found_by_people(index, vector, query, EVERYBODY, 8)
    assert hits[0].passage.article == article
    assert len({hit.passage.id for hit in hits}) == len(hits) <= 8


def test_what_names_nothing_finds_what_it_found(index, encoder):
    """A customer's sentence is looked up by what articles say."""
    query = "my filter is dirty and water stands on the floor, what shall I do with this thing now please"
    (vector,) = encoder.encode([query])
    assert found_by_people(index, vector, query, EVERYBODY, 3) == index.search(vector, query, EVERYBODY, 3)


def test_names_show_nobody_what_is_not_for_them(index, encoder):
    """An audience's filter holds for names as well."""
    query = "internal refund limits"
    (vector,) = encoder.encode([query])
    found = {hit.passage.article for hit in found_by_people(index, vector, query, frozenset({"public"}), 8)}
    assert "internal-refund-limits" not in found


def test_short_words_and_long_differences_are_other_words():
    """``car`` is not ``carton``'s form, ``order`` not ``orderliness``'."""
    names = Names({"a": ("car",), "b": ("carton plans",), "c": ("orderliness",)})
    assert set(names.fit("car")) == {"a"}
    assert not names.fit("order")
    assert not names.fit("?!")

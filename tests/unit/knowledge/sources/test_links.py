"""D16, kind 5: links from one article to another lead where their reader may go, or are words."""

from __future__ import annotations

import pytest

from bot.knowledge.index.index import KnowledgeIndex, fingerprint_of
from bot.knowledge.sources.articles import load_articles
from bot.knowledge.sources.links import with_open_links

PUBLIC = ("public",)


@pytest.fixture
def index(write, encoder):
    """Manuals in a folder of their own, limits for colleagues, and an article that links to both."""
    write("care.md", id="care", url="/articles/care")
    write(
        "limits.md", "Only a manager signs.\n", id="refund-limits", audience="[internal]", url="https://wiki.example/l"
    )
    folder = write("all.md", id="all-manuals", url="https://help.example/manuals").parent
    (folder / "appliances").mkdir()
    (folder / "all.md").rename(folder / "appliances" / "all manuals.md")
    return KnowledgeIndex.build(load_articles(folder), encoder)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[m](<appliances/all manuals.md>)", "[m](https://help.example/manuals)"),
        ("[m](appliances/all%20manuals.md#paper)", "[m](https://help.example/manuals#paper)"),
        ("[m](./appliances/../appliances/all%20manuals.md)", "[m](https://help.example/manuals)"),
        ("[m](all-manuals)", "[m](https://help.example/manuals)"),
        ("[m](all-manuals.md)", "[m](https://help.example/manuals)"),
        ("[m](#costs)", "[m](/articles/care#costs)"),
        ("[m](/articles/care)", "[m](/articles/care)"),
        ("[m](/shop/returns)", "[m](/shop/returns)"),
        ("[m](https://elsewhere.example/x)", "[m](https://elsewhere.example/x)"),
        ("[m](mailto:a@shop.example)", "[m](mailto:a@shop.example)"),
        ("[m](limits.md)", "m"),
        ("[m](refund-limits)", "m"),
        ("[m](https://wiki.example/l)", "m"),
        ("[m](https://wiki.example/l#top)", "m"),
        ("[m](missing.md)", "m"),
        ("[m](../../etc/passwd)", "m"),
        ("[m](javascript:alert)", "m"),
        ("[m](//evil.example/x)", "m"),
    ],
)
def test_a_link_leads_to_what_the_reader_may_read_or_is_words(index, written, shown):
    """D16: ``manuals.md`` is no address, and nobody learns that an internal article exists from a link to it."""
    assert with_open_links(index, "care", f"See {written}.", PUBLIC) == f"See {shown}."


def test_a_path_is_on_the_site_of_its_article(index):
    """``/shop/returns`` of an article on the help pages is a page there, not the gateway's."""
    shown = with_open_links(index, "all-manuals", "[a](/shop/returns) [b](care.md) [c](/manuals)", PUBLIC)
    assert shown == "[a](https://help.example/shop/returns) [b](/articles/care) [c](https://help.example/manuals)"


def test_colleagues_are_led_to_internal_articles(index):
    """An agent's own search result may lead to what agents read."""
    shown = with_open_links(index, "care", "[m](limits.md)", ("public", "internal"))
    assert shown == "[m](https://wiki.example/l)"


def test_links_survive_being_written_and_read(index, tmp_path):
    """A brain that loads the index resolves as the one that built it; a renamed file builds it anew."""
    index.save(tmp_path)
    again = KnowledgeIndex.load(tmp_path, index.encoder_fingerprint)
    assert again.parts.files == {
        "care": "care.md",
        "refund-limits": "limits.md",
        "all-manuals": "appliances/all manuals.md",
    }
    assert again.by_file == index.by_file


def test_a_renamed_file_makes_another_index(write, encoder):
    """Files are a part of what is searched, so their names count."""
    folder = write("a.md").parent
    before = fingerprint_of(load_articles(folder), encoder.fingerprint)
    (folder / "a.md").rename(folder / "b.md")
    assert fingerprint_of(load_articles(folder), encoder.fingerprint) != before

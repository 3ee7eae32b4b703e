"""What the checks promise: each kind of mistake is found, and what only looks like one is not."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import ContentError
from bot.knowledge.review.checks import check_files, check_reviews, read_accepted, without_accepted
from bot.knowledge.review.claims import claims_of, contradictions
from bot.knowledge.review.links import check_links
from bot.knowledge.review.passages import check_contradictions, check_duplicates
from bot.knowledge.review.reach import check_reach
from bot.knowledge.sources.articles import load_articles, read_folder
from tests.unit.knowledge.documents import put


def shelve(write, *bodies, **fields):
    """Write articles with these bodies and read them."""
    for number, body in enumerate(bodies):
        path = write(f"a{number}.md", body, id=f"a{number}", title=f"Title {number}", **fields)
    return load_articles(path.parent)


@pytest.mark.parametrize(
    ("one", "other", "kinds"),
    [
        ("Delivery costs £25.", "Delivery costs £30.", ["amount"]),
        ("Delivery costs £25.", "Delivery costs £25.00, or £45 on Sunday.", []),
        ("Delivery costs £1,000.", "Delivery costs 1000 pounds.", []),
        ("Return it within 14 days.", "Return it within two weeks.", []),
        ("Return it within 14 days.", "Return it within 30 days.", ["period"]),
        ("It lasts 12 months.", "It lasts a year.", []),
        ("It takes 5 working days.", "It takes 5 days.", []),
        ("It takes 5 working days.", "It takes 7 working days.", ["working period"]),
        ("Open from 9am to 6.30pm.", "Open from 09:00 to 18:30.", []),
        ("Open from 9am to 6.30pm.", "Open from 9am to 7pm.", ["time"]),
        ("Closed on 25 December.", "Closed on 25th December 2026.", []),
        ("Closed on 25 December.", "Closed on 2026-12-26.", ["date"]),
        ("You pay 10% less.", "You pay 15 per cent less.", ["share"]),
        ("Opened items can be returned.", "Opened items cannot be returned.", ["negation"]),
        ("It isn't free.", "It is not free.", []),
    ],
)
def test_two_sentences_differ_in_what_they_state_and_not_in_how(one, other, kinds):
    assert list(contradictions(claims_of(one), claims_of(other))) == kinds
    assert list(contradictions(claims_of(other), claims_of(one))) == kinds


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Standard delivery costs £25 for a new oven.", "For a new oven standard delivery costs £30.", "amount"),
        ("An item can be returned within 14 days.", "Every item can be returned within 30 days.", "period"),
        ("The repair desk opens at 9am.", "The repair desk in the store opens at 10am.", "time"),
        ("The sale of old stock ends on 3 May.", "The sale of old stock ends on 5 May.", "date"),
        (
            "Opened software can be returned to any store.",
            "Opened software cannot be returned to any store.",
            "negation",
        ),
    ],
)
def test_articles_that_contradict_each_other_are_found_with_both_places(write, built_encoder, one, other, kind):
    articles = shelve(write, f"{one}\n", f"Before it.\n\n{other}\n")
    (finding,) = check_contradictions(articles, built_encoder)
    assert finding.articles == ("a0", "a1")
    assert finding.place == "a1.md, line 13"
    assert one in finding.what
    assert other in finding.what
    assert "a0.md, line 11" in finding.what
    assert kind in finding.what


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Standard delivery costs £25.", "Premium delivery costs £45."),
        ("Returns of the whole order are refunded.", "Returns of a part are not refunded."),
        ("It costs £25.", "It costs £30."),
        ("The store in Leeds opens at 9am.", "The store in York opens at 10am."),
    ],
)
def test_sentences_about_two_things_are_no_contradiction(write, built_encoder, one, other):
    assert list(check_contradictions(shelve(write, f"{one}\n", f"{other}\n"), built_encoder)) == []


def test_headings_and_products_tell_two_things_apart(write, built_encoder):
    same = "The filter is cleaned every two weeks.", "The filter is cleaned every four weeks."
    body = f"## Washing machine\n\n{same[0]}\n\n## Tumble dryer\n\n{same[1]}\n"
    assert list(check_contradictions(shelve(write, body), built_encoder)) == []
    write("a0.md", same[0] + "\n", id="a0", products="[oven]")
    path = write("a1.md", same[1] + "\n", id="a1", products="[hob]")
    assert list(check_contradictions(load_articles(path.parent), built_encoder)) == []


TEXT = "Take the basket out of the machine, turn the filter to the left, lift it out and rinse it under warm water."


def test_a_passage_that_stands_in_two_articles_is_found_also_with_a_word_changed(write):
    articles = shelve(write, f"First.\n\n## Clean\n\n{TEXT}\n", f"{TEXT.replace('warm', 'running')}\n", "Other text.\n")
    (finding,) = check_duplicates(articles)
    assert finding.articles == ("a0", "a1")
    assert "a0.md, line 15" in finding.what


def test_a_title_used_twice_is_found(write):
    write("a.md", "One.\n", id="a", title="Costs")
    (finding,) = check_duplicates(load_articles(write("b.md", "Two.\n", id="b", title="costs").parent))
    assert "the same title" in finding.what


def test_links_that_meet_no_article_are_found_and_others_are_left_alone(write):
    body = """See [hours](store-hours.md), [the page](/store-hours), [costs](#costs), [a picture](plan.png) and
[elsewhere](https://other.example/page), or write to [us](mailto:us@help.example). Also https://help.example/a0.

## Costs

[gone](gone.md), [old](/old-page), https://help.example/lost. [up](../../secret.md), [no mark](a1.md#prices)
"""
    write("store-hours.md")
    write("a1.md", "Text.\n", id="a1", title="A", url="https://help.example/a1")
    path = write("a0.md", body, id="a0", title="B", url="https://help.example/a0")
    (path.parent / "plan.png").write_bytes(b"")
    (path.parent.parent.parent / "secret.md").write_bytes(b"")
    found = list(check_links(load_articles(path.parent), path.parent))
    assert [finding.what.split()[2].rstrip(":") for finding in found] == [
        "gone.md",
        "/old-page",
        "../../secret.md",
        "a1.md#prices",
        "https://help.example/lost",
    ]
    assert found[0].place == "a0.md, line 16"


_HOSTILE_LINKS = ["javascript:alert(1)", "data:text/html,x", "file:///x", "https://[::1"]
_OTHER_SITES = ["//evil.example", "\\\\evil.example", "/\\evil.example"]


@pytest.mark.parametrize("link", [*_HOSTILE_LINKS, *_OTHER_SITES])
def test_a_link_that_runs_or_hides_its_site_is_found(write, link):
    """Nobody follows it from our pages, and a person should know that it stands there (X19)."""
    path = put(write("b.md").parent, "a.html", f'<p>See <a href="{link}">a page</a>, <a href="tel:+4420">us</a>.</p>')
    (finding,) = check_links(load_articles(path.parent), path.parent)
    assert "may not be shown" in finding.what


def test_a_link_that_not_all_readers_may_follow_is_found(write):
    """They see its words, and an editor should know."""
    write("a.md", "See [b](b.md), [c](c.md), [d](d.md).\n", id="a", url="/articles/a")
    write("b.md", "See [a](a.md), [c](c.md).\n", id="b", url="/articles/b", audience="[internal]")
    write("c.md", "See [a](a.md), [d](d.md).\n", id="c", url="/articles/c", audience="[trade, vip]")
    path = write("d.md", "See [a](a.md).\n", id="d", url="/articles/d", audience="[trade]")
    found = list(check_links(load_articles(path.parent), path.parent))
    assert [finding.articles for finding in found] == [("a", "b"), ("a", "c"), ("a", "d"), ("c", "d")]


def test_a_review_that_is_due_is_said_from_the_day_after(write):
    articles = shelve(write, "Text.\n", review_by="2027-04-05")
    assert list(check_reviews(articles, date(2027, 4, 5))) == []
    (finding,) = check_reviews(articles, date(2027, 4, 7))
    assert "2 days ago" in finding.what


def test_an_article_that_no_question_brings_up_is_found(write):
    articles = shelve(write, "One.\n", "Two.\n")
    (finding,) = check_reach(articles, ["x", "y"], lambda question: ["a0"])
    assert finding.articles == ("a1",)


def test_what_could_not_be_read_and_what_nobody_reads_is_said(write):
    path = write("bad.md", id="Bad")
    put(path.parent, "notes.txt", "x", None)
    assert {finding.kind for finding in check_files(read_folder(path.parent))} == {"rejected", "ignored"}


def test_what_an_editor_let_stand_is_left_out_and_nothing_else(write, tmp_path):
    path = write("a.md", "One.\n", id="a", title="Costs")
    articles = load_articles(write("b.md", "Two.\n", id="b", title="costs").parent)
    accepted = tmp_path / "accepted.yml"
    assert read_accepted(accepted) == ()
    accepted.write_text("- kind: duplicate\n  articles: [b, a]\n  reason: two regions\n")
    assert list(without_accepted(check_duplicates(articles), read_accepted(accepted))) == []
    accepted.write_text("- kind: link\n  articles: [b, a]\n  reason: two regions\n")
    assert len(list(without_accepted(check_duplicates(articles), read_accepted(accepted)))) == 1
    accepted.write_text("- kind: duplicate\n  articles: [b, a]\n")
    with pytest.raises(ContentError, match="entry 1 is wrong"):
        read_accepted(accepted)
    assert path.exists()

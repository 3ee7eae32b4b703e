"""D16, kind 5: an article's words reach every channel without its signs, and pages without anybody's HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markdown.page import page_body
from bot.markdown.plain import plain_words
from bot.markdown.subset import in_subset

PRICES = """| Item | Price |
| --- | --- |
| Call-out | £79 |
| **Parts** | list price |"""
HOURS = """| Day | Store | Bays |
|---|:-:|--:|
| Monday to Friday | 9am to 7pm | 9am to 6.30pm |
| Sunday | | closed |"""

PLAIN = {
    PRICES: "Call-out: £79\nParts: list price",
    HOURS: "Monday to Friday: Store 9am to 7pm, Bays 9am to 6.30pm\nSunday: Bays closed",
    "Free for **two months**, *always*, __really__.": "Free for two months, always, really.",
    "See [the manual](https://help.example/m).": "See the manual (https://help.example/m).",
    "See [the manual](manuals.md).": "See the manual.",
    "See [the manual](/articles/manuals).": "See the manual.",
    "Go to <https://help.example/m>.": "Go to https://help.example/m.",
    "Write to [us](mailto:help@shop.example) or [ring](tel:+441632960001).": (
        "Write to us (help@shop.example) or ring (+441632960001)."
    ),
    "[Click](javascript:alert(1)) here.": "Click here.",
    "[Click](//evil.example) and [tap](https://shop.example@evil.example).": "Click and tap.",
    "[Mail](mailto:a@shop.example?bcc=b@evil.example)": "Mail",
    "[Click](data:text/html,x) here.": "Click here.",
    "> **Note:** unplug it.\n> Then wait.": "Note: unplug it. Then wait.",
    "- one\n- two\n  1. first\n  2. second": "- one\n- two\n  1. first\n  2. second",
    "3. third\n4. fourth": "3. third\n4. fourth",
    "### Costs\n\nNothing.": "Costs\n\nNothing.",
    "Costs\n-----\n\nNothing.": "Costs\n\nNothing.",
    "Press `F2` twice.": "Press F2 twice.",
    "![The filter](filter.png) is below.": "The filter is below.",
    "and so on** it goes. Then **stop": "and so on it goes. Then stop",
    "2 * 3 * 4 is snake_case_name \\*": "2 * 3 * 4 is snake_case_name *",
    "2**3 stays": "2**3 stays",
    "One  \nTwo": "One\nTwo",
    "One\n\n---\n\nTwo": "One\n\nTwo",
    "x < y & z": "x < y & z",
    "": "",
}


@pytest.mark.parametrize(("markdown", "words"), PLAIN.items())
def test_plain_words_hold_no_sign(markdown: str, words: str) -> None:
    """D16: a table is lines of ``Call-out: £79``, bold is plain, a link is its words and its address."""
    assert plain_words(markdown) == words


@pytest.mark.parametrize("markdown", PLAIN)
def test_the_subset_says_the_same(markdown: str) -> None:
    """D16: what pages draw and what messengers show are the same words."""
    assert plain_words(in_subset(markdown)) == plain_words(markdown)
    assert in_subset(in_subset(markdown)) == in_subset(markdown)


def test_the_subset_has_one_way_to_say_each_thing() -> None:
    """docs/reference/web-api.md, "format": a small reader meets nothing else."""
    said = "Costs\n=====\n\n__Bold__ _thin_ `code` <https://help.example/a_b>\n\n* one\n* two\n\n1) x\n\n" + HOURS
    assert in_subset(said) == (
        "# Costs\n\n**Bold** *thin* code [https://help.example/a\\_b](https://help.example/a_b)\n\n- one\n- two\n\n"
        "1. x\n\n| Day | Store | Bays |\n| --- | --- | --- |\n| Monday to Friday | 9am to 7pm | 9am to 6.30pm |\n"
        "| Sunday |  | closed |"
    )


def test_links_are_resolved_or_become_words() -> None:
    """D16: a link leads to an address that can be opened, or it is none."""
    known = {"manuals.md": "https://help.example/manuals", "secret.md": ""}
    said = "See [the **manual**](manuals.md), [that](secret.md) and [a bracket](<https://x.example/a(b)>)."
    assert in_subset(said, lambda address: known.get(address, address)) == (
        "See [the **manual**](https://help.example/manuals), that and [a bracket](https://x.example/a%28b%29)."
    )


MARKDOWN = st.text(alphabet="ab1 .\n*_-#>|[]()`~<&\\:/!\t+£", max_size=120)


@given(MARKDOWN)
def test_no_text_loses_a_word_or_fails(markdown: str) -> None:
    """Whatever stands in an article, its letters are said, in their order."""
    letters = re.sub(r"[^ab]", "", plain_words(markdown))
    assert len(letters) <= len(markdown)
    assert re.sub(r"[^ab]", "", plain_words(in_subset(markdown))) == re.sub(r"[^ab]", "", plain_words(markdown))


@given(st.lists(st.sampled_from(["<script>", "<b onclick=x>", "](javascript:x)", "[a", "&lt;", "a", "\n", '"', "`"])))
def test_nothing_that_an_author_wrote_becomes_a_tag(pieces: list[str]) -> None:
    """W11: a page holds our own tags only, and no address that runs."""
    html = page_body("".join(pieces))
    assert set(re.findall(r"<(/?\w+)", html)) <= {"p", "/p", "code", "/code", "pre", "/pre", "a", "/a", "br"}
    assert "javascript" not in " ".join(re.findall(r'href="([^"]*)', html))


def test_a_page_has_marks_for_headings_and_safe_links_only() -> None:
    """W11: ``returns#what-it-costs`` finds its heading; a picture from elsewhere is its words."""
    html = page_body(
        "## What it costs?\n\n[a](/articles/x) [b](vbscript:x) [c](//evil.example) ![filter](https://evil.example/p.png)"
    )
    assert '<h2 id="what-it-costs">What it costs?</h2>' in html
    assert '<a href="/articles/x" rel="noopener noreferrer">a</a>' in html
    assert "evil.example" not in html
    assert "<img" not in html
    assert "filter" in html


@pytest.mark.parametrize(
    "markdown",
    [
        "*a " * 3000 + " b*" * 3000,
        "**a " * 2000 + " b**" * 2000,
        "[*a " * 500 + "b*](x)" * 500,
        "*" * 5000 + "a" + "*" * 5000,
        "> " * 3000 + "a",
        "- " * 3000 + "a",
    ],
)
def test_marks_in_marks_without_end_break_nothing(markdown: str) -> None:
    """A file that was made to hurt is read like any other."""
    assert "a" in plain_words(markdown) or "- " in markdown
    assert plain_words(in_subset(markdown)) is not None
    assert page_body(markdown)


def test_marks_nest_as_deep_as_anybody_writes() -> None:
    """Bold in emphasis in a link in a list is still all of them."""
    said = "- *a **b [c **d**](https://x.example)***"
    assert in_subset(said) == said

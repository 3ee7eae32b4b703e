"""What cutting promises: nothing lost, nothing twice, verbatim, lists whole, headings in front."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.index.passages import passages_of, plain
from bot.knowledge.index.stretches import stretches_of
from bot.knowledge.sources.articles import Article

DAY = date(2026, 11, 22)


def article(body):
    return Article("a", "Title", ("public",), "en", DAY, DAY, "/a", (), body, Path("a.md"))


LINES = st.sampled_from(
    [
        *("", "  ", "# One", "## Two", "### Three", "Plain words here.", "Is it? Yes! It is, e.g. here. £5 more."),
        *("- item", "* item two", "1. step", "2) step", "   indented", "| a | b |", "> quoted", "```", "Steps:"),
        *("Long sentence with many words in it. " * 30, "word " * 200, "#not a heading", "\u00a0", "1.5 kg"),
    ]
)
BODIES = st.one_of(st.lists(LINES, max_size=25).map("\n".join), st.text(max_size=300))


@given(body=BODIES)
def test_passages_are_verbatim_in_order_and_cover_all_but_headings(body):
    passages = passages_of(article(body))
    end = 0
    between = []
    for place, passage in enumerate(passages):
        assert passage.id == place
        assert end <= passage.start < passage.end
        assert passage.text == body[passage.start : passage.end]
        assert passage.text.strip()
        between.append(body[end : passage.start])
        end = passage.end
    between.append(body[end:])
    for line in "".join(between).split("\n"):
        assert not line.strip() or line.lstrip().startswith("#")


@given(body=BODIES)
def test_stretches_are_in_order_inside_their_passage(body):
    for passage in passages_of(article(body)):
        end = passage.start
        for stretch in stretches_of(passage, body):
            assert end <= stretch.start < stretch.end <= passage.end
            assert not body[end : stretch.start].strip()
            end = stretch.end
        assert not body[end : passage.end].strip()


def test_a_passage_knows_the_headings_above_it():
    body = "Top.\n\n## A\n\nIn a.\n\n### B\n\nIn b.\n\n## C ##\n\nIn c.\n"
    assert [(passage.heading, passage.text) for passage in passages_of(article(body))] == [
        ("", "Top."),
        ("A", "In a."),
        ("A > B", "In b."),
        ("C", "In c."),
    ]
    assert passages_of(article(body))[2].context == "Title > A > B"


def test_a_long_list_stays_whole_with_the_sentence_that_leads_to_it():
    steps = "\n".join(f"{number}. {'Turn the knob and wait a moment. ' * 3}" for number in range(1, 15))
    body = f"Before you start, read this.\n\nDo it so:\n\n{steps}\n\nAfterwards all is well."
    holding = [passage for passage in passages_of(article(body)) if "1. Turn" in passage.text]
    assert len(holding) == 1
    assert steps.strip() in holding[0].text
    assert "Do it so:" in holding[0].text


def test_a_list_goes_on_over_blank_and_indented_lines():
    body = "1. One\n\n2. Two\n   more of two\n\n   and a paragraph\n\n3. Three\n\nNo item."
    (passage,) = passages_of(article(body))
    lists = [stretch for stretch in stretches_of(passage, body) if stretch.whole]
    assert [body[stretch.start : stretch.end] for stretch in lists] == [body[: body.index("\n\nNo item.")]]


def test_a_long_paragraph_is_cut_between_sentences_only():
    body = "This sentence has exactly seven words inside. " * 60
    passages = passages_of(article(body))
    assert len(passages) > 1
    assert all(passage.text.endswith("inside.") and passage.text.startswith("This") for passage in passages)


def test_a_heading_inside_code_is_no_heading():
    body = "```\n# not a heading\n\n- no list\n```\n"
    (passage,) = passages_of(article(body))
    assert passage.heading == ""
    assert passage.text == body.strip()


def test_sentences_end_where_they_end():
    body = "Stores close at 6.30pm, e.g. in Leeds. See help.example for more. Is that all? Yes."
    (passage,) = passages_of(article(body))
    assert [body[stretch.start : stretch.end] for stretch in stretches_of(passage, body)] == [
        "Stores close at 6.30pm, e.g. in Leeds.",
        "See help.example for more.",
        "Is that all?",
        "Yes.",
    ]


def test_ids_go_on_from_the_first_one():
    assert [passage.id for passage in passages_of(article("One.\n\n# H\n\nTwo."), first_id=7)] == [7, 8]


def test_the_encoder_reads_no_markup():
    assert plain("- **Turn** the [filter](https://x.example) `off`\n| a | b |") == "Turn the filter off a b"

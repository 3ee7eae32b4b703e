"""What an author's format hides stays hidden, whoever wrote it how; what it means is shown (D3, D17, kind 5)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from bot.errors import ContentError
from bot.knowledge.review.links import check_links
from bot.knowledge.sources.articles import Article, read_folder
from bot.knowledge.sources.readers.characters import folded
from bot.knowledge.sources.readers.hidden import shown
from tests.unit.knowledge.documents import FIELDS, docx, paragraph, put

HERE = Path("descaling.md")
SECRET = "Acme"


def article(folder: Path, body: str) -> Article:
    """Read one Markdown article with this body."""
    folder.mkdir(exist_ok=True)
    (folder / "descaling.md").write_text(f"---\nid: descaling\n{FIELDS}---\n{body}", encoding="utf-8")
    (read,) = read_folder(folder).articles
    return read


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- internal note: supplier is Acme, margin 40 % -->",
        "<!-- internal note:\n\nsupplier is Acme\n\n-->",
        "<!--Acme-->",
        "<!-- a `code` and Acme -->",
        "<!--\n```\nAcme\n```\n-->",
        "[//]: # (supplier is Acme)",
        '[manual]: manuals.md "Acme"',
        "[^1]: Acme said so.",
        "[^note]: A footnote\nthat goes on with Acme\n\n    and on: Acme",
        "---\nsupplier: Acme\nmargin: 40\n---",
        "---\nstatus: draft\ntags:\n  - Acme\n---",
        '+++\nsupplier = "Acme"\n+++',
        "<div hidden>Acme</div>",
        '<p style="display: none">Acme</p>',
        "<script>Acme()</script>",
        "<template>Acme</template>",
        "<?php Acme ?>",
    ],
)
def test_what_markdown_hides_is_not_in_the_article(tmp_path: Path, hidden: str) -> None:
    """D3: neither alone nor between paragraphs, and every line behind it keeps its number."""
    body = f"# Descaling\n\nUse vinegar.\n\n{hidden}\n\nRinse twice.\n"
    read = article(tmp_path / "articles", body)
    assert SECRET not in read.body
    assert "Use vinegar." in read.body
    assert "Rinse twice." in read.body
    written = (tmp_path / "articles" / "descaling.md").read_text().split("\n")
    assert read.place(read.body.index("Rinse")) == f"descaling.md, line {written.index('Rinse twice.') + 1}"


def test_a_comment_inside_a_sentence_leaves_the_sentence() -> None:
    """And so does a footnote's mark, and the tags of HTML."""
    said = "Use <!-- Acme's --> vinegar[^1],<br/>twice, <b>not</b> bleach [^a b]."
    assert " ".join(shown(HERE, said).split()) == "Use vinegar, twice, not bleach [^a b]."


def test_what_stands_in_code_is_meant() -> None:
    """An article about HTML may show a comment."""
    fenced = "```html\n<!-- a note -->\n[^1]: as it is\n---\nkey: value\n---\n```"
    code = f"Write `<!-- note -->` or\n\n{fenced}\n\n``a ` <!-- b -->``\n"
    assert shown(HERE, code) == code


def test_a_link_by_reference_keeps_its_address(tmp_path: Path) -> None:
    """Its definition is taken out, not what it says."""
    read = article(
        tmp_path / "articles",
        "See [the manual][m], [Manuals] and ![a picture][m]; [not one] stays.\n\n[m]: m.md\n[manuals]: <all.md>\n",
    )
    assert "See [the manual](m.md), [Manuals](all.md) and [a picture](m.md); [not one] stays." in read.body
    assert read.links == ("m.md", "all.md", "m.md")


def test_a_footnote_is_no_dead_link(tmp_path: Path) -> None:
    """D3: `knowledge check` looks at what readers see."""
    folder = tmp_path / "articles"
    read = article(folder, "It is free.[^1]\n\n[^1]: See nowhere.md.\n")
    assert list(check_links([read], folder)) == []


def test_a_comment_that_never_ends_is_named_with_its_line(tmp_path: Path) -> None:
    """Everything behind it would be hidden, or all of it shown: the editor must say."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text(f"---\nid: a\n{FIELDS}---\nUse vinegar.\n\n<!-- supplier is Acme\n")
    reading = read_folder(folder)
    assert reading.articles == ()
    (error,) = reading.rejected
    assert isinstance(error, ContentError)
    assert str(error).startswith(f"{folder / 'a.md'}:13: a comment opens here")


def test_rules_tables_and_autolinks_are_left_alone() -> None:
    """What only resembles something hidden."""
    body = "Above\n\n---\n\nBelow: it costs a < b, 5 <6.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n<https://example.com>\n\n---\n"
    assert shown(HERE, body) == body


@given(
    some.lists(
        some.sampled_from(["<!--", "-->", "`", "```", "\n", "\n\n", "---", "a: b", "[^1]:", "[x]: y", "<b>", "word"])
    )
)
@example(["[^1]:", "`", "\n", "`"])
def test_no_text_breaks_it_and_no_line_is_lost(pieces: list[str]) -> None:
    """Whatever an editor types, lines keep their numbers, and what is shown is shown again."""
    body = " ".join(pieces)
    try:
        once = shown(HERE, body)
    except ContentError:
        assert "<!--" in body
    else:
        assert once.count("\n") == body.count("\n")


def test_word_hides_comments_deletions_hidden_text_and_footnotes(tmp_path: Path) -> None:
    """DOCX: hidden runs would be shown by the library that reads it."""
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Acme</w:t></w:r>"
    shown_again = '<w:r><w:rPr><w:vanish w:val="false"/></w:rPr><w:t xml:space="preserve"> twice</w:t></w:r>'
    deleted = "<w:del><w:r><w:delText>Acme</w:delText></w:r></w:del>"
    content = docx(
        paragraph("Descaling", "Title"), f"<w:p><w:r><w:t>Rinse</w:t></w:r>{hidden}{deleted}{shown_again}</w:p>"
    )
    folder = tmp_path / "articles"
    put(folder, "descaling.docx", content)
    (read,) = read_folder(folder).articles
    assert read.body.strip() == "Rinse twice"


def test_a_pages_footnotes_are_left_out(tmp_path: Path) -> None:
    """By their roles, their names, and where their marks lead."""
    page = (
        "<h1>Hours</h1><p>Open at nine<sup><a href='#fn1'>1</a></sup>, see 2<sup>nd</sup> floor"
        "<a role='doc-noteref' href='#x'>*</a>.</p><section class='footnotes'><ol><li id='fn1'>Acme</li></ol></section>"
        "<!-- Acme --><p>Closed on Sunday.</p>"
    )
    folder = tmp_path / "articles"
    put(folder, "hours.html", page)
    (read,) = read_folder(folder).articles
    assert " ".join(read.body.split()) == "Open at nine, see 2nd floor. Closed on Sunday."


def test_a_table_of_questions_hides_comments_too(tmp_path: Path) -> None:
    """Its cells are Markdown."""
    folder = tmp_path / "articles"
    fields = FIELDS.replace("title: When are the stores open?\n", "")
    put(folder, "faq.csv", "question,answer\nHow?,Use vinegar<!-- Acme -->.\nWhy?,<!-- never ends\n", fields)
    reading = read_folder(folder)
    assert [read.body for read in reading.articles] == ["Use vinegar.\n"]
    assert ["faq.csv:3" in str(error) for error in reading.rejected] == [True]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("e\ufb00icient o\ufb03cially \ufb01fteen Lark\ufb01eld", "efficient officially fifteen Larkfield"),
        ("re\u00adcali\u200bbrates\u2060", "recalibrates"),
        ("nine\u00a0to\u202ffive\u2003daily", "nine to five daily"),
        ("non\u2011breaking", "non-breaking"),
        ("\uff26\uff55\uff4c\uff4c width", "Full width"),
        ("m\u00b2 \u00bd \u2026 \u2122 \u20ac", "m\u00b2 \u00bd \u2026 \u2122 \u20ac"),
        ("cafe\u0301", "caf\u00e9"),
        (
            "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
    ],
)
def test_characters_are_folded_where_they_look_alike(typed: str, plain: str) -> None:
    """D17: ligatures, soft hyphens, invisible signs and blanks; what means something else stays."""
    assert folded(typed) == plain


def test_every_reader_folds(tmp_path: Path) -> None:
    """D17: the same words from Markdown, HTML, Word and a table of questions."""
    folder = tmp_path / "articles"
    words = "e\ufb00icient\u00a0and re\u00adcalibrates"
    article(folder, words + "\n")
    put(folder, "a.html", f"<h1>A</h1><p>{words}</p>", FIELDS + "id: a\n")
    put(folder, "b.docx", docx(paragraph("B", "Title"), paragraph(words)), FIELDS + "id: b\n")
    put(folder, "c.csv", f"question,answer\nC?,{words}\n", FIELDS.replace("title: When are the stores open?\n", ""))
    reading = read_folder(folder)
    assert reading.rejected == ()
    assert {read.body.strip() for read in reading.articles} == {"efficient and recalibrates"}


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium, which prints the PDF, is not installed")
def test_a_pdf_that_a_browser_printed_has_whole_words(tmp_path: Path) -> None:
    """D17: ligatures of the font, and a word broken at a line's end at its soft hyphen."""
    folder = tmp_path / "articles"
    folder.mkdir()
    page = tmp_path / "page.html"
    page.write_text(
        "<meta charset=utf-8><style>p{font-family:'DejaVu Serif',serif;width:9em}</style>"
        "<p>An efficient washer officially re&shy;cali&shy;brates itself after fifteen cycles at Larkfield.</p>"
    )
    printed = folder / "washer.pdf"
    subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"),
            *("--disable-background-networking", f"--user-data-dir={tmp_path / 'profile'}"),
            *(f"--print-to-pdf={printed}", page.as_uri()),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    printed.with_name("washer.pdf.yml").write_text(FIELDS)
    (read,) = read_folder(folder).articles
    said = " ".join(read.body.split())
    assert "An efficient washer officially recalibrates itself after fifteen cycles at Larkfield." in said

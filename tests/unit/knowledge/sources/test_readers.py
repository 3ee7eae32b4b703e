"""What reading other formats promises: the text in order, headings, lists and tables, and where each part stands."""

from __future__ import annotations

import pytest

from bot.knowledge.sources.articles import load_articles, read_folder
from bot.knowledge.sources.readers.html import document_of
from tests.unit.knowledge.documents import FIELDS, column, docx, paragraph, pdf, put, table

PAGE = """<!doctype html><html><head><title>Hours | Larkfield</title><style>p {color: red}</style>
<script>alert("steal the cookies of everybody")</script></head><body>
<header>Larkfield <a href="/basket">Basket</a></header><nav><a href="/">Home</a></nav>
<main><h1>When are the stores open?</h1>
<!-- draft: closing down in May -->
<p onclick="alert(1)">All stores open at <b>9am</b>. See <a href="holidays.html">holidays</a>.</p>
<p style="display: none">The hidden discount is half the price.</p>
<h2>On Sunday</h2><ul><li>Leeds: 11am</li><li>York: 10am</li></ul>
<table><tr><th>Store</th><th>Telephone</th></tr><tr><td>Leeds</td><td>0113 496 0000</td></tr></table>
<script>document.write("never shown to anybody")</script>
</main><footer>Imprint</footer></body></html>"""


def test_a_page_is_read_without_what_runs_what_is_hidden_and_what_surrounds_it(tmp_path):
    put(tmp_path, "hours.html", PAGE)
    (article,) = load_articles(tmp_path)
    assert article.body == (
        "All stores open at 9am. See holidays.\n\n## On Sunday\n\n- Leeds: 11am\n- York: 10am\n\n"
        "| Store | Telephone |\n| --- | --- |\n| Leeds | 0113 496 0000 |\n"
    )
    assert article.place(article.body.index("York")) == "hours.html, “On Sunday”"
    assert article.links == ("holidays.html",)
    assert article.id == "hours"


def test_a_page_that_says_no_title_of_its_own_takes_its_first_heading_else_its_tab():
    assert document_of(PAGE).title == "When are the stores open?"
    assert document_of("<title>Hours</title><p>At 9.</p>").title == "Hours"


@pytest.mark.parametrize(
    "hostile",
    [
        "<p>Fine.</p><script>evil()</script>",
        "<p>Fine.</p><ScRiPt src=//x>evil()</sCrIpT >",
        "<p>Fine.</p><style>@import 'evil()'</style>",
        "<p>Fine.</p><iframe srcdoc='<p>evil()</p>'></iframe>",
        "<p>Fine.</p><template><p>evil()</p></template>",
        "<p>Fine.</p><svg><text>evil()</text></svg>",
        "<p>Fine.</p><noscript>evil()</noscript>",
        "<p>Fine.</p><!--evil()-->",
        "<p>Fine.</p><img src=x alt='evil()' onerror='evil()'>",
        "<p>Fine.</p><p hidden>evil()</p>",
        "<p>Fine.</p><script>evil()",
        "<p>Fine.</p><![CDATA[evil()]]>",
        "<p>Fine.</p><?php evil() ?>",
    ],
)
def test_what_runs_or_is_hidden_never_stands_in_an_article(hostile):
    body = document_of(hostile).body
    assert body.startswith("Fine.")
    assert "evil" not in body


def test_lines_of_a_pdf_become_headings_lists_and_paragraphs_with_their_page(tmp_path):
    first = column(
        "# When are the stores open?",
        "",
        "All stores open at 9am and close at 7pm. On bank holi-",
        "days the stores open later, at ten.",
        "",
        "# On Sunday",
        "",
        "\u2022 Leeds opens at 11am, and there is",
        "parking behind it.",
        "\u2022 York opens at 10am.",
        "",
        "Ring us first if it snows, because the road to the",
    )
    second = column("warehouse is steep. It is gritted last.", "", "1. Take the ticket.", "2. Wait.")
    put(tmp_path, "hours.pdf", pdf([first, second]), FIELDS.replace("title: When are the stores open?\n", ""))
    (article,) = load_articles(tmp_path)
    assert article.title == "When are the stores open?"
    assert article.body == (
        "All stores open at 9am and close at 7pm. On bank holidays the stores open later, at ten.\n\n"
        "## On Sunday\n\n- Leeds opens at 11am, and there is parking behind it.\n- York opens at 10am.\n\n"
        "Ring us first if it snows, because the road to the warehouse is steep. It is gritted last.\n\n"
        "1. Take the ticket.\n2. Wait.\n"
    )
    assert article.place(article.body.index("York")) == "hours.pdf, page 1"
    assert article.place(article.body.index("warehouse")) == "hours.pdf, page 2"
    assert article.place(article.body.index("Take")) == "hours.pdf, page 2"


def test_what_stands_on_every_page_of_a_pdf_is_left_out(tmp_path):
    pages = [
        [("Larkfield customer guide", 8, 820), *column(f"Rule {word} is kept here."), (f"Page {number} of 4", 8, 20)]
        for number, word in enumerate(("one", "two", "three", "four"), start=1)
    ]
    put(tmp_path, "guide.pdf", pdf(pages))
    (article,) = load_articles(tmp_path)
    assert "customer guide" not in article.body
    assert "Page" not in article.body
    assert [line for line in article.body.split("\n") if line] == [
        f"Rule {word} is kept here." for word in ("one", "two", "three", "four")
    ]


def test_a_word_document_keeps_headings_lists_and_tables(tmp_path):
    content = docx(
        paragraph("When are the stores open?", "Title"),
        paragraph("All stores open at 9am."),
        paragraph("On Sunday", "Heading2"),
        paragraph("The stores open at 11am."),
        table(["Store", "Telephone"], ["Leeds", "0113 496 0000"]),
    )
    put(tmp_path, "hours.docx", content, FIELDS.replace("title: When are the stores open?\n", ""))
    (article,) = load_articles(tmp_path)
    assert article.title == "When are the stores open?"
    assert article.body == (
        "All stores open at 9am.\n\n## On Sunday\n\nThe stores open at 11am.\n\n"
        "| Store | Telephone |\n| --- | --- |\n| Leeds | 0113 496 0000 |\n"
    )
    assert article.place(article.body.index("11am")) == "hours.docx, “On Sunday”"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_each_row_of_a_table_of_questions_is_an_article(tmp_path, separator):
    rows = [
        ["question", "answer", "audience"],
        ["When do you open?", "At 9am.", ""],
        ["What do traders pay?", '"Less,\n\n- by the pallet"', "trade"],
    ]
    put(tmp_path, "faq.csv", "".join(separator.join(row) + "\n" for row in rows))
    opening, traders = load_articles(tmp_path)
    assert (opening.id, opening.title, opening.body) == ("when-do-you-open", "When do you open?", "At 9am.\n")
    assert (opening.audience, traders.audience) == (("public",), ("trade",))
    assert traders.body == "Less,\n\n- by the pallet\n"
    assert traders.place(0) == "faq.csv, row 3"


def test_a_wrong_row_is_named_with_its_line_and_the_others_are_read(tmp_path):
    rows = (
        'question,answer,updated\nOne?,"First\nline.",\nTwo?,,\nThree?,Third.,yesterday\nFour?,Fourth.\nFive?,Fifth.,\n'
    )
    put(tmp_path, "faq.csv", rows)
    reading = read_folder(tmp_path)
    assert [article.id for article in reading.articles] == ["one", "five"]
    assert [(error.place.line, error.what) for error in reading.rejected] == [
        (4, "the row lacks its question or its answer."),
        (5, "`updated`: yesterday is not a date."),
        (6, "the row has 2 cells, the first one 3."),
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("question,reply\na,b\n", "`reply` is not a column"),
        ("question,updated\na,b\n", "no column `answer`"),
        ("question,answer,updated,updated\na,b,,\n", "two columns"),
        ('question,answer\na,"b\n', "not a table"),
    ],
)
def test_a_table_that_is_none_is_refused_with_its_reason(tmp_path, text, what):
    put(tmp_path, "faq.csv", text)
    (error,) = read_folder(tmp_path).rejected
    assert what in str(error)
    assert error.place.path.name == "faq.csv"


def test_a_folders_defaults_serve_all_its_files_and_a_sidecar_has_the_last_word(tmp_path):
    shared = FIELDS.replace("title: When are the stores open?\n", "").replace("store-hours", "")
    put(tmp_path, "defaults.yml", shared, None)
    put(tmp_path, "Hours 2026.html", "<h1>Hours</h1><p>At 9am.</p>", None)
    put(tmp_path, "limits.html", "<h1>Limits</h1><p>£200.</p>", "audience: [internal]\nid: refund-limits\n")
    hours, limits = load_articles(tmp_path)
    assert (hours.id, hours.title, hours.url) == ("hours-2026", "Hours", "https://help.example/Hours%202026.html")
    assert (limits.id, limits.audience) == ("refund-limits", ("internal",))


def test_without_a_word_on_whom_it_is_for_nothing_is_read(tmp_path):
    put(tmp_path, "hours.html", "<p>At 9am.</p>", None)
    (error,) = read_folder(tmp_path).rejected
    assert "Write its fields into hours.html.yml" in str(error)


def test_a_sidecar_without_its_file_is_named_and_other_formats_are_listed(tmp_path):
    put(tmp_path, "hours.pdf.yml", FIELDS, None)
    put(tmp_path, "notes.txt", "Ask Leeds.", None)
    put(tmp_path, "~$hours.docx", "", None)
    reading = read_folder(tmp_path)
    assert [str(error.place.path.name) for error in reading.rejected] == ["hours.pdf.yml"]
    assert [path.name for path in reading.ignored] == ["notes.txt"]

"""What reading articles promises: every slip is named with its file, its line and what to do."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import ContentError
from bot.knowledge.sources.articles import load_articles


def test_an_article_is_read_with_all_of_its_fields(write):
    path = write(audience="[public, trade]", products="[oven, hob]", body="One.\n")
    (article,) = load_articles(path.parent)
    assert (article.id, article.title) == ("store-hours", "When are the stores open?")
    assert article.audience == ("public", "trade")
    assert article.products == ("oven", "hob")
    assert (article.updated, article.review_by) == (date(2026, 10, 5), date(2027, 4, 5))
    assert article.body == "One.\n"
    assert article.path == path


@pytest.mark.parametrize(
    ("fields", "line", "what"),
    [
        ({"title": None}, 1, "`title` is missing"),
        ({"id": "Store Hours"}, 2, "`id`: 'Store Hours' is not allowed"),
        ({"title": "''"}, 3, "`title`: '' is not text"),
        ({"title": "2026"}, 3, "`title`: 2026 is not text"),
        ({"audience": "public"}, 4, "`audience`: 'public' is not a list"),
        ({"audience": "[]"}, 4, "`audience`: the list is empty"),
        ({"audience": "[public, internal]"}, 4, "cannot be public and internal"),
        ({"language": "English"}, 5, "`language`: 'English' is not allowed"),
        ({"updated": "yesterday"}, 6, "`updated`: yesterday is not a date"),
        ({"updated": "'2026-10-05'"}, 6, "`updated`: 2026-10-05 is not a date"),
        ({"review_by": "2026-13-45"}, 1, "not YAML"),
        ({"review_by": "2020-01-01"}, 7, "`review_by`: it lies before `updated`"),
        ({"url": "javascript:alert(1)"}, 8, "`url`: 'javascript:alert(1)' is not allowed"),
        ({"url": "//evil.example"}, 8, "`url`: '//evil.example' is not allowed"),
        ({"url": "/\\evil.example"}, 8, "is not allowed"),
        ({"url": "https://shop.example@evil.example"}, 8, "is not allowed"),
        ({"products": "[1]"}, 9, "`products`: [1] is not a list of words"),
        ({"titel": "When?"}, 10, "`titel` is not a field"),
        ({"title": "a: b: c"}, 3, "not YAML"),
        ({"title": '"open'}, 3, "not YAML"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(write, fields, line, what):
    path = write(**fields)
    with pytest.raises(ContentError) as caught:
        load_articles(path.parent)
    assert what in str(caught.value)
    assert caught.value.place.path == path
    if what != "not YAML":
        assert caught.value.place.line == line


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (b"", 1, "no front matter"),
        (b"# Title\n", 1, "no front matter"),
        (b"---\nid: a\n", 1, "does not end"),
        (b"---\n- a\n---\nText", 2, "holds no fields"),
        (b"---\n---\nText", 2, "holds no fields"),
        (b"---\nid: a\nid: b\n---\nText", 3, "appears twice"),
        (b"---\nid: a\n---\ncaf\xe9", 4, "not UTF-8"),
        (b"---\nid: a\n---\na\0b", 4, "null character"),
        (b"---\nid: a\n---\n" + b"x" * 70_000, 0, "65,536 at most"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path, content, line, what):
    (tmp_path / "broken.md").write_bytes(content)
    with pytest.raises(ContentError) as caught:
        load_articles(tmp_path)
    assert what in str(caught.value)
    assert caught.value.place.path.name == "broken.md"
    assert caught.value.place.line == line


def test_an_article_without_text_is_refused(write):
    with pytest.raises(ContentError, match="no text after the front matter"):
        load_articles(write(body="\n \n").parent)


def test_two_articles_with_one_id_are_refused_with_both_names(write):
    write("first.md")
    with pytest.raises(ContentError, match=r"second\.md:2: first\.md has the id 'store-hours' too"):
        load_articles(write("second.md").parent)


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(ContentError, match="no such folder"):
        load_articles(tmp_path / "nowhere")


def test_line_ends_and_byte_order_mark_of_other_systems_are_read(write):
    path = write(body="One.\nTwo.\n")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    (article,) = load_articles(path.parent)
    assert article.body == "One.\nTwo.\n"

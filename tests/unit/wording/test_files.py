"""A mistake in `wording.yml` is named with its line, and all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.wording.files import FILE, LONGEST_TEXT, WordingError, load_catalogue
from bot.wording.sentences import wording

OTHERS = "has other placeholders than the default."
TOO_LONG = "a" * (LONGEST_TEXT + 1)


def _mistakes(folder: Path, text: str | bytes) -> list[str]:
    path = folder / FILE
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(WordingError) as raised:
        load_catalogue(folder)
    return [str(error).removeprefix(f"{path}:") for error in raised.value.found]


def test_a_company_without_the_file_has_the_products_words(tmp_path: Path) -> None:
    """Nothing has to be written before a start."""
    assert load_catalogue(tmp_path).say(wording("queue.now_next"), "en") == "You are next in the queue now."


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "en:\n", "en: {}\n"])
def test_an_empty_file_changes_nothing(tmp_path: Path, text: str) -> None:
    """As `warmline init` leaves it."""
    (tmp_path / FILE).write_text(text)
    assert load_catalogue(tmp_path).say(wording("queue.now_next"), "en") == "You are next in the queue now."


def test_a_companys_texts_are_read_with_their_plurals(tmp_path: Path) -> None:
    """In any language, also one that does not ship."""
    (tmp_path / FILE).write_text(
        "pt-BR:\n  queue.wait_at_most:\n    one: Um minuto.\n    other: '{count} minutos.'\n", encoding="utf-8"
    )
    catalogue = load_catalogue(tmp_path)
    assert [catalogue.say(wording("queue.wait_at_most", count=n), "pt_BR") for n in (1, 2)] == [
        "Um minuto.",
        "2 minutos.",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("en:\n  queue.now_nxt: Hi\n", "2: There is no sentence queue.now_nxt. Did you mean queue.now_next?"),
        ("en:\n  zzz: Hi\n", "2: There is no sentence zzz. docs/"),
        ("en:\n  queue.now_next:\n", "2: queue.now_next has no text."),
        ("en:\n  queue.now_next: '  '\n", "2: queue.now_next has no text."),
        ("en:\n  queue.now_next: [a]\n", "2: queue.now_next has no text."),
        ("en:\n  queue.now_place: You wait.\n", f"2: queue.now_place {OTHERS} It takes {{position}}."),
        ("en:\n  queue.now_next: '{position}'\n", f"2: queue.now_next {OTHERS} It takes none."),
        ("en:\n  queue.now_place: '{position!r}'\n", "2: A brace in queue.now_place does not begin a placeholder."),
        ("en:\n  queue.now_place: '{position'\n", "2: A brace in queue.now_place does not begin a placeholder."),
        ("en:\n  queue.now_next:\n    other: Hi\n", "3: queue.now_next counts nothing, so it has no plural."),
        ("en:\n  widget.unread:\n    one: One\n", "3: widget.unread has no text for `other`."),
        ("en:\n  widget.unread:\n    some: One\n    other: '{count}'\n", "3: 'some' is not a plural form."),
        ("en:\n  queue.now_next: A\n  queue.now_next: B\n", "3: queue.now_next appears twice."),
        ("english:\n  queue.now_next: A\n", "1: 'english' is not a language."),
        ("queue.now_next: A\n", "1: 'queue.now_next' is not a language."),
        ("en: Hi\n", "1: A language is not a list of `key: text` lines."),
        ("- en\n", "1: the file is not a list of `key: text` lines."),
        ("en:\n\tx: y\n", "2: This is not YAML"),
        (f"en:\n  queue.now_next: {TOO_LONG}\n", f"2: queue.now_next has {LONGEST_TEXT + 1} characters."),
    ],
)  # fmt: skip
def test_a_mistake_names_its_line_and_what_to_do(tmp_path: Path, text: str, told: str) -> None:
    """A trainer reads it, not a programmer."""
    [mistake] = _mistakes(tmp_path, text)
    assert mistake.startswith(told), mistake


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """Whatever somebody saves under the name."""
    [mistake] = _mistakes(tmp_path, b"\xff\xfe\x00")
    assert "cannot be read" in mistake


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    """Not one after another, with a start for each."""
    found = _mistakes(
        tmp_path, "en:\n  nothing: a\n  queue.now_next: ''\nxx-yy-zz:\n  a: b\nde:\n  queue.now_place: c\n"
    )
    assert [mistake.split(":")[0] for mistake in found] == ["2", "3", "4", "7"]

"""Mistakes in what customers say are named with file and line, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.teaching.checks.findings import MistakesError
from bot.teaching.checks.project import check_training_data

GOOD = """version: "3.1"
nlu:
  - intent: greet
    metadata: {title: Say hello, kind: act}
    examples: |
      - hello
      - hi [there](place)
  - intent: opening_hours
    metadata:
      title: Opening hours
      kind: fact
      articles:
        - store-hours
    examples: |
      - when are you open
      - opening hours
"""


def problem(folder: Path, text: str) -> str:
    """What the check says about a file, the folder's name left out."""
    path = folder / "nlu.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MistakesError) as found:
        check_training_data([path], {"store-hours"}).raise_if_wrong()
    return str(found.value).replace(f"{folder}/", "")


def test_a_good_file_passes(tmp_path: Path) -> None:
    """Nothing is said about what is right."""
    path = tmp_path / "nlu.yml"
    path.write_text(GOOD, encoding="utf-8")
    check_training_data([path], {"store-hours"}).raise_if_wrong()


def test_an_intent_with_an_unknown_kind_is_named(tmp_path: Path) -> None:
    """The arbiter must know whether it acts."""
    text = GOOD.replace("title: Say hello, kind: act", "title: Say hello, kind: action")
    assert problem(tmp_path, text).startswith("nlu.yml:3: greet has the `kind` action, which is neither act nor fact.")


@pytest.mark.parametrize("metadata", ["{title: Say hello}", "{kind: act}", "{}"])
def test_metadata_that_says_nothing_is_no_mistake(tmp_path: Path, metadata: str) -> None:
    """A title comes from the name, and the kind from the rules."""
    path = tmp_path / "nlu.yml"
    path.write_text(GOOD.replace("{title: Say hello, kind: act}", metadata), encoding="utf-8")
    check_training_data([path], {"store-hours"}).raise_if_wrong()


def test_a_fact_without_articles_is_named(tmp_path: Path) -> None:
    """Nothing could answer it."""
    text = GOOD.replace("      articles:\n        - store-hours\n", "")
    assert problem(tmp_path, text).startswith("nlu.yml:8: opening_hours asks for a fact but names no article.")


def test_an_article_that_does_not_exist_is_named_with_its_own_line(tmp_path: Path) -> None:
    """The line is the article's, not the intent's."""
    assert problem(tmp_path, GOOD.replace("- store-hours", "- stor-hours")).startswith(
        "nlu.yml:13: there is no article 'stor-hours'. Did you mean store-hours?"
    )


def test_an_intent_with_one_example_is_named(tmp_path: Path) -> None:
    """Nothing could be held back to test it."""
    assert problem(tmp_path, GOOD.replace("      - hello\n", "")).startswith("nlu.yml:3: greet has 1 example.")


def test_a_sentence_under_two_intents_is_named_with_both_lines(tmp_path: Path) -> None:
    """Capitals and spaces make no difference."""
    text = GOOD.replace("- opening hours", "-   Hello")
    assert problem(tmp_path, text) == (
        "nlu.yml:16: the same sentence is under opening_hours here and under greet in nlu.yml:6. "
        "Keep it where it belongs."
    )


def test_a_file_that_is_not_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    """Before Rasa reads it."""
    assert problem(tmp_path, GOOD.replace("  - intent: opening_hours", "  - intent: [opening_hours")).startswith(
        "nlu.yml:"
    )


def test_examples_of_one_intent_in_two_files_count_together(tmp_path: Path) -> None:
    """Trainers may spread an intent."""
    for name, sentence in (("a.yml", "hello"), ("b.yml", "hi")):
        (tmp_path / name).write_text(
            f"nlu:\n- intent: greet\n  metadata: {{title: Hello, kind: act}}\n  examples: |\n    - {sentence}\n",
            encoding="utf-8",
        )
    check_training_data(sorted(tmp_path.iterdir()), None).raise_if_wrong()


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    """Rasa would train without its intents."""
    assert problem(tmp_path, " \n").startswith("nlu.yml: the file is empty.")


def test_a_line_in_another_encoding_is_named(tmp_path: Path) -> None:
    """Pasted from an old spreadsheet."""
    path = tmp_path / "nlu.yml"
    path.write_bytes(GOOD.encode().replace(b"- opening hours", "- caf\u00e9 opening hours".encode("cp1252")))
    with pytest.raises(MistakesError, match=r"nlu.yml:16: this line is not UTF-8 text \(byte 0xe9\)"):
        check_training_data([path], {"store-hours"}).raise_if_wrong()


@pytest.mark.parametrize("character", ["\u00e9", "\u2019", "\u00a3"])
def test_a_character_that_went_through_the_wrong_encoding_is_named(tmp_path: Path, character: str) -> None:
    """The file is UTF-8, what stands in it is not what was meant."""
    garbled = character.encode().decode("cp1252")
    told = problem(tmp_path, GOOD.replace("- opening hours", f"- opening{garbled} hours"))
    assert told.startswith(f"nlu.yml:16: '{garbled}")
    path = tmp_path / "nlu.yml"
    path.write_text(GOOD.replace("- opening hours", f"- opening{character} hours"), encoding="utf-8")
    check_training_data([path], {"store-hours"}).raise_if_wrong()


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Some editors write one."""
    path = tmp_path / "nlu.yml"
    path.write_text(GOOD, encoding="utf-8-sig")
    check_training_data([path], {"store-hours"}).raise_if_wrong()


def test_everything_is_named_at_once(tmp_path: Path) -> None:
    """A mistake in 15, 18 or 25 intents once took as many runs."""
    text = "nlu:\n" + "".join(
        f"- intent: wish_{number}\n  metadata: {{kind: wish}}\n  examples: |\n    - I want {number}\n"
        f"    - {number} please\n"
        for number in range(25)
    )
    lines = problem(tmp_path, text).splitlines()
    assert [line.split(". ")[0] for line in lines] == [
        f"nlu.yml:{2 + 5 * number}: wish_{number} has the `kind` wish, which is neither act nor fact"
        for number in range(25)
    ]


def test_an_unresolved_merge_is_named(tmp_path: Path) -> None:
    """Both versions stand in the file."""
    text = GOOD.replace("      - hello\n", "<<<<<<< HEAD\n      - hello\n=======\n      - hello you\n>>>>>>> main\n")
    assert problem(tmp_path, text).startswith("nlu.yml:6: two versions of the file were merged here")

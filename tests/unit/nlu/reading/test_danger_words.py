"""A missing, empty or malformed file never means that there are no dangers: it is named, and nothing trains."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.nlu.reading.danger import DangerReader
from bot.nlu.reading.danger_words import KINDS, read_safety, safety_of

SHIPPED = Path(__file__).resolve().parents[4] / "data" / "safety"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files that Warmline brings."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "safety"))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """It does not mean: no dangers."""
    with pytest.raises(ContentError, match="safety: there are no files about dangers"):
        read_safety(tmp_path / "safety")


@pytest.mark.parametrize("kind", KINDS)
def test_a_danger_without_its_file_is_named(folder: Path, kind: str) -> None:
    """Each of the eight."""
    (folder / f"{kind}.yml").unlink()
    with pytest.raises(ContentError, match=f"nothing is said about {kind}"):
        read_safety(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"gas.yml:1: there is nothing"),
        ("# only a comment\n", r"gas.yml:1: there is nothing"),
        ("danger: gas\nsigns: []\n", r"gas.yml:2: this is not a list, or it is empty"),
        ("danger: gas\n", r"gas.yml:1: the danger gas has no signs"),
        ("danger: gas\nsigns: [smell of gas\n", r"gas.yml:\d: this is not YAML"),
        ("danger: gass\nsigns: [gas leak]\n", r"gas.yml:1: there is no danger 'gass'"),
        ('danger: gas\nsigns:\n- gas leak\n- "{smel} + gas"\n', r"gas.yml:4: \{smel\}: there is no list"),
        ("danger: gas\nlists:\n  a: ['{a}']\nsigns:\n- '{a}'\n", r"gas.yml:3: \{a\}: there is a list in itself"),
        ("danger: gas\nsigns:\n- gas (leak)\n", r"gas.yml:3: 'gas \(leak\)' is not a row of words"),
        ("danger: gas\nsigns:\n- ga*\n", r"gas.yml:3: 'ga\*' begins too many words"),
        ("danger: gas\nsigns:\n- gas + leak > pipe\n", r"gas.yml:3: a sign has either \+ or >"),
        ("danger: gas\nsings:\n- gas leak\n", r"gas.yml:2: nothing is called 'sings'"),
        ("danger: gas\nadd: ''\nsigns: [gas leak]\n", r"gas.yml:2: there should be words"),
        ("danger: gas\nnot_now:\n  nagation: [no]\nsigns: [gas leak]\n", r"gas.yml:3: there is no list 'nagation'"),
        ("danger: gas\nlists: [gas]\nsigns: [gas leak]\n", r"gas.yml:2: these are not lists with names"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(folder: Path, text: str, said: str) -> None:
    """Whatever it is."""
    (folder / "gas.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=said):
        read_safety(folder)


def test_a_file_that_is_no_text_is_named(folder: Path) -> None:
    """Saved by a word processor."""
    (folder / "gas.yml").write_bytes(b"danger: gas\nsigns: [\xff\xfe]")
    with pytest.raises(ContentError, match=r"gas.yml: this is not UTF-8"):
        read_safety(folder)


def test_a_company_adds_words_of_its_own(folder: Path) -> None:
    """A file of its own beside those that came."""
    assert DangerReader(read_safety(folder)).read("the zeppelin is losing hydrogen") is None
    (folder / "ours.yml").write_text('danger: gas\nsigns: ["hydrogen + losing"]\n', encoding="utf-8")
    assert DangerReader(read_safety(folder)).read("the zeppelin is losing hydrogen") is not None


def test_only_a_company_without_the_reader_may_be_without_the_files(tmp_path: Path) -> None:
    """Its pipeline says which it is."""
    assert safety_of(tmp_path) is None
    (tmp_path / "config.yml").write_text("pipeline:\n- name: bot.brain.components.danger.WarmlineDanger\n")
    with pytest.raises(ContentError, match="there are no files about dangers"):
        safety_of(tmp_path)

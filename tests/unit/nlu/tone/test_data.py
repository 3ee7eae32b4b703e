"""What trainers write about tone is read with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.nlu.tone.data import read_conversations
from bot.nlu.tone.trend import Conversation

ROOT = Path(__file__).parents[4]


def written(folder: Path, text: str) -> Path:
    """A folder with one file."""
    (folder / "tone.yml").write_text(text, encoding="utf-8")
    return folder


def test_conversations_are_read_and_each_counts_once(tmp_path: Path) -> None:
    """A message alone needs no brackets."""
    text = "tone:\n  upset:\n    - [where, WHERE]\n    - [where, WHERE]\n  calm:\n    - thanks\n"
    assert read_conversations(written(tmp_path, text)) == [
        Conversation(("where", "WHERE"), True),
        Conversation(("thanks",), False),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tone:\n  furious:\n    - [hm]\n", r"tone.yml:2.*upset or calm"),
        ("tone:\n  calm:\n    - []\n", r"tone.yml:3.*not a list of messages"),
        ("tone:\n  calm:\n    - [{a: b}]\n", r"tone.yml:3.*not a list of messages"),
        ("tone:\n  calm:\n    - [hm]\n  upset:\n    - [hm]\n", r"tone.yml:5.*tone.yml:3"),
        ("tone: [", r"tone.yml:1.*not YAML"),
    ],
)
def test_a_mistake_is_shown_where_it_stands(tmp_path: Path, text: str, said: str) -> None:
    """With what to do about it."""
    with pytest.raises(ContentError, match=said):
        read_conversations(written(tmp_path, text))


def test_the_reference_assistants_conversations_are_many_and_of_both_kinds() -> None:
    """Enough to measure what is promised."""
    found = read_conversations(ROOT / "data" / "tone")
    upset = sum(conversation.upset for conversation in found)
    assert upset >= 100
    assert len(found) - upset >= 100

"""No variable of the environment gets from a trainer's file into what the bot says (X8)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.brain import variables_in_files
from bot.errors import ContentError

KEY = "WARMLINE_PAYLOAD_KEY"
VARIABLE = "${WARMLINE_PAYLOAD_KEY}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("slots:\n  key:\n    type: text\n    initial_value: ${%s}\n", 4),
        ("slots:\n  key: {type: text, initial_value: 'my ${%s} key'}\n", 2),
        ('slots:\n  key:\n    initial_value: "${%s}"\n', 3),
        ("responses:\n  utter_key:\n  - text: |\n      one\n      ${%s}\n", 5),
        ("${%s}: 1\n", 1),
        ("é: 1\nkey: ${%s}\n", 2),
        ("# a comment\n\nkey: \\u0024{%s}\n", 3),
        ("key: \\U00000024\\u007b%s}\n", 1),
        ("key: \\ud83d\\ude00 ${%s}\n", 1),
        ("all: &all [a, *all, '${%s}']\n", 1),
    ],
)
def test_x8_a_variable_in_a_trainers_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    """However YAML lets one write it, and in any file below a folder."""
    file = tmp_path / "data" / "deep" / "slots.yml"
    file.parent.mkdir(parents=True)
    file.write_text(text % KEY, encoding="utf-8")
    with pytest.raises(ContentError, match=re.escape(f"slots.yml:{line}: ")) as refused:
        variables_in_files.refuse([tmp_path / "data"])
    assert refused.value.place.path == file


@pytest.mark.parametrize("text", ["# ${HOME}\nkey: 1\n", "key: $5 {each}\n", "key: [\n${HOME}", "\\ud83d", ""])
def test_what_stands_for_no_variable_is_let_through(tmp_path: Path, text: str) -> None:
    """A comment, a price, what is no YAML at all (Rasa says so), half an emoji."""
    file = tmp_path / "domain.yml"
    file.write_text(text, encoding="utf-8")
    variables_in_files.refuse([file, tmp_path / "not-there.yml"])


def test_x8_rasas_own_training_refuses_it_too(tmp_path: Path) -> None:
    """`rasa train` and `rasa data validate` know nothing of `make train`; the importer does."""
    pytest.importorskip("rasa")
    from bot.brain.artefacts import Refusal
    from bot.brain.content import TrainersData

    domain = tmp_path / "domain.yml"
    domain.write_text(f"slots:\n  key: {{type: text, initial_value: '{VARIABLE}'}}\n")
    with pytest.raises(Refusal, match=r"domain\.yml:2: "):
        TrainersData(None, str(domain), [])


def test_x8_a_model_that_was_trained_elsewhere_says_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa reads the domain in a model as YAML again; in a brain that serves, ``${…}`` is those characters."""
    pytest.importorskip("rasa")
    from rasa.shared.core.domain import Domain

    from bot.brain.rasa_patches import environment_variables

    secret = "a-secret-that-nobody-may-see"
    monkeypatch.setenv(KEY, secret)
    environment_variables.install()
    domain = Domain.from_yaml(
        f"slots:\n  key:\n    type: text\n    initial_value: {VARIABLE}\n    mappings: [{{type: custom}}]\n"
    )
    (slot,) = (slot for slot in domain.slots if slot.name == "key")
    assert slot.initial_value == VARIABLE
    assert secret not in str(domain.as_dict())

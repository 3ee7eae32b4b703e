"""How the lead, the agreement threshold and the articles are kept, and refused where they are damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.dialogue import agreement, sharing
from bot.dialogue.answering import Answering
from bot.dialogue.arbiter import Sharing
from bot.errors import ArtefactError


def test_measures_are_written_by_name_and_read_back_as_numbers(tmp_path: Path) -> None:
    """Another version reads the same files; a whole number is a number too."""
    sharing.save(Sharing(lead=0.25), tmp_path)
    agreement.save(0.4, tmp_path)
    assert json.loads((tmp_path / "sharing.json").read_text("utf-8")) == {"lead": 0.25}
    assert json.loads((tmp_path / "agreement.json").read_text("utf-8")) == {"threshold": 0.4}
    assert sharing.load(tmp_path) == Sharing(lead=0.25)
    (tmp_path / "agreement.json").write_text('{"threshold": 2}')
    assert agreement.load(tmp_path) == 2.0


@pytest.mark.parametrize("content", ["{}", "[", "[]", '{"lead": null, "threshold": null}', '{"lead": "a lot"}', None])
def test_a_damaged_measure_is_refused_with_its_file_and_the_command_that_mends_it(
    tmp_path: Path, content: str | None
) -> None:
    """Whatever is wrong with it, also where it is missing."""
    for name, load in (("sharing.json", sharing.load), ("agreement.json", agreement.load)):
        if content is not None:
            (tmp_path / name).write_text(content)
        with pytest.raises(ArtefactError) as refused:
            load(tmp_path)
        assert str(refused.value) == f"{tmp_path / name}: it is damaged. Run `make train` to build it again."


def test_a_missing_list_of_articles_is_refused_with_its_file(tmp_path: Path) -> None:
    """As a damaged one is."""
    with pytest.raises(ArtefactError) as refused:
        Answering.load(tmp_path)
    assert str(refused.value) == f"{tmp_path / 'articles.json'}: it is damaged. Run `make train` to build it again."

"""The company's own numbers come from its ``config.yml``."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.nlu.secrets.own_forms import read_own_forms

ROOT = Path(__file__).parents[4]


def test_the_forms_are_those_of_the_entities() -> None:
    """The reference assistant has one."""
    assert read_own_forms(ROOT) == ("LF-0000000",)


def test_a_folder_without_a_configuration_has_no_forms(tmp_path: Path) -> None:
    """Nor has one whose entities have none."""
    assert read_own_forms(tmp_path) == ()
    (tmp_path / "config.yml").write_text("pipeline:\n- name: X\n- forms: [1]\n")
    assert read_own_forms(tmp_path) == ()


def test_a_configuration_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    """With its file and line: order numbers would be hidden otherwise."""
    (tmp_path / "config.yml").write_text("pipeline:\n- name: [\n")
    with pytest.raises(SettingError, match=r"config\.yml:\d"):
        read_own_forms(tmp_path)

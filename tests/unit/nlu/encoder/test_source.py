"""What choosing an encoder promises: the pinned default, another one by a setting, and never the wrong weights."""

from __future__ import annotations

import hashlib

import pytest

from bot.errors import SettingError
from bot.nlu.encoder import build as encoder_build
from bot.nlu.encoder import source as encoder_source
from bot.nlu.encoder.source import DEFAULT_CHOICE, EncoderChoice, WrongWeightsError, choose, fetch


def quiet(line):
    """Say nothing."""


def test_without_a_setting_the_default_is_pinned_by_commit_and_checksum():
    assert choose(None, None, None) == choose("", "", "") == DEFAULT_CHOICE
    assert DEFAULT_CHOICE.sha256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def test_another_model_is_one_setting_away():
    assert choose("some/model", None, None) == EncoderChoice("some/model", None, None)


def test_wrong_weights_stop_the_build_and_leave_what_stood_there(tmp_path, capsys):
    (tmp_path / "model").mkdir()
    (tmp_path / "model/model.safetensors").write_bytes(b"other weights")
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder/kept").write_text("old")
    arguments = ["--model", str(tmp_path / "model"), "--sha256", "0" * 64, "--folder", str(tmp_path / "encoder")]
    assert encoder_build.main(arguments) == 1
    assert "was asked for" in capsys.readouterr().err
    assert (tmp_path / "encoder/kept").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["encoder", "model"]


def test_a_folder_is_taken_when_its_weights_have_the_checksum(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    assert fetch(EncoderChoice(str(tmp_path), None, digest), quiet).sha256 == digest
    with pytest.raises(WrongWeightsError, match=digest):
        fetch(EncoderChoice(str(tmp_path), None, "f" * 64), quiet)


def test_a_folder_without_safetensors_is_refused(tmp_path):
    with pytest.raises(SettingError, match=encoder_source.WEIGHTS_FILE):
        fetch(EncoderChoice(str(tmp_path)), quiet)


def test_a_missing_encoder_is_not_current(tmp_path):
    assert not encoder_build.is_current(tmp_path / "encoder", DEFAULT_CHOICE)


def test_a_built_encoder_is_current_for_its_own_choice_only(built_encoder_folder):
    folder = built_encoder_folder
    assert encoder_build.is_current(folder, DEFAULT_CHOICE)
    assert not encoder_build.is_current(folder, EncoderChoice("some/model"))
    assert not encoder_build.is_current(folder, EncoderChoice(DEFAULT_CHOICE.model, DEFAULT_CHOICE.revision, "0" * 64))

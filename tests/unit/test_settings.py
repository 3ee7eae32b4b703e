"""Settings: defaults that fit one machine, and errors that name the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.settings import load


def test_everything_has_a_default_that_binds_to_loopback() -> None:
    """An empty environment is enough for one machine."""
    settings = load({})
    assert (settings.gateway_host, settings.brain_host, settings.actions_host) == ("127.0.0.1",) * 3
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.database_url.startswith("sqlite:///")


def test_files_that_running_creates_lie_in_var(tmp_path: Path) -> None:
    """One variable moves everything that a backup must hold."""
    settings = load({"WARMLINE_VAR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'warmline.db'}"


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "80 "])
def test_a_port_that_is_none_is_refused_with_its_name(text: str) -> None:
    """The sentence names the variable and what it takes."""
    with pytest.raises(SettingError, match=r"WARMLINE_GATEWAY_PORT.*1 to 65535"):
        load({"WARMLINE_GATEWAY_PORT": text})


@pytest.mark.parametrize("text", ["0", "-3", "soon", "nan"])
def test_a_patience_that_is_no_time_is_refused(text: str) -> None:
    """A number of seconds above zero, nothing else."""
    with pytest.raises(SettingError, match="WARMLINE_BRAIN_PATIENCE"):
        load({"WARMLINE_BRAIN_PATIENCE": text})


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "ten", "1000000", "²"])
def test_x20_a_log_size_that_is_none_is_refused(text: str) -> None:
    """Whole megabytes, one at least."""
    with pytest.raises(SettingError, match=r"WARMLINE_LOG_MEGABYTES.*1 to 999999"):
        load({"WARMLINE_LOG_MEGABYTES": text})
    assert load({"WARMLINE_LOG_FILES": "0"}).log_files == 0


def test_a_short_secret_is_refused_without_being_repeated() -> None:
    """A weak secret is worse than none, and an error message is no place for it."""
    with pytest.raises(SettingError, match="32") as refused:
        load({"WARMLINE_BRAIN_SECRET": "hunter2"})
    assert "hunter2" not in str(refused.value)

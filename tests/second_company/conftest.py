"""A company that `warmline init` has made, trained and running: in English, not British, unlike the reference."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import browser, chromium_path, skip_or_fail
from tests.e2e.installation import ROOT, Installation, environment_without_ours, private_settings
from tests.processes import Brain

__all__ = ["browser", "chromium_path"]

NAME = "Maple & Pine"
WARMLINE = [sys.executable, "-m", "bot.commands.main"]


def warmline(*arguments: str, root: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command of `warmline` as somebody at a terminal does, for the company in ``root``."""
    environment = {**environment_without_ours(), "OMP_NUM_THREADS": "1"}
    if root is not None:
        environment["WARMLINE_ROOT"] = str(root)
    return subprocess.run(
        [*WARMLINE, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=900
    )


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company's folder, trained by the commands that the documents name."""
    encoder = ROOT / "models" / "encoder"
    if not encoder.is_dir():
        skip_or_fail("The encoder is not built: run `make train` first.")
    folder = tmp_path_factory.mktemp("companies") / "maple"
    begun = warmline(
        "init", str(folder), f"--name={NAME}", "--language=en", "--timezone=America/Toronto", "--country=CA"
    )
    assert begun.returncode == 0, begun.stdout
    # The same encoder as everybody's: building it again would take half a minute and show nothing new.
    shutil.copytree(encoder, folder / "models" / "encoder")
    stamps = ROOT / "models" / "stamps"
    (folder / "models" / "stamps").mkdir()
    shutil.copy(stamps / "encoder.json", folder / "models" / "stamps")
    built = warmline("build", root=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="session")
def second_installation(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Gateway, brain and actions of that company, running beside whatever else runs."""
    running = Installation(private_settings(tmp_path_factory.mktemp("maple"), company))
    running.prepare()
    try:
        running.start("gateway", "actions", "brain")
        yield running
    finally:
        running.close()


@pytest.fixture(scope="session")
def second_brain(second_installation: Installation) -> Brain:
    """Its brain, to talk to without the gateway."""
    settings = second_installation.settings
    return Brain(settings.brain_url, settings.brain_secret, second_installation)

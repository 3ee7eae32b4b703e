"""The peer: a Rasa project with the pipeline and policies that `rasa init` gives, on our own data.

It is measured where ``STOCK=folder`` names a folder: a trained model that lies there is taken, and into a folder
without one it is trained (40 minutes on two cores). Without ``STOCK=`` nothing is trained, and what compares with it
is left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from benchmarks.report import Check, NotMeasured

NO_STOCK = "no STOCK="
_SECONDS = "training_seconds"


def stock_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where the peer's model lies or is to be kept; None where nobody asked for the peer."""
    said = environment.get("STOCK")
    return Path(said).resolve() if said else None


def beside(
    name: str, ours: float | None, stock: float | None, bound: float, environment: Mapping[str, str] = os.environ
) -> Check | NotMeasured:
    """Bound our figure as a share of the peer's; a figure that is missing although the peer was asked for fails."""
    if stock_folder(environment) is None:
        return NotMeasured(name, bound, NO_STOCK)
    return Check(name, ours / stock if ours is not None and stock else None, bound)


def has_model(folder: Path) -> bool:
    """Tell whether a trained model lies in the folder."""
    return any(folder.glob("models/*.tar.gz"))


def trained(root: Path, folder: Path, actions_url: str, console: Console) -> float | None:
    """Write the peer's project into ``folder`` and train it there unless a model lies there already.

    Returns the seconds that training took with cold caches; None for a model that somebody else put there.
    """
    write_project(root, folder, actions_url)
    seconds = folder / _SECONDS
    if not has_model(folder):
        console.print(f"Training stock Rasa on the same data into {folder}, caches cold (this takes minutes) …")
        with tempfile.TemporaryDirectory(prefix="warmline-bench-") as cache:
            environment = {
                **{name: value for name, value in os.environ.items() if not name.startswith("WARMLINE_")},
                "RASA_TELEMETRY_ENABLED": "false",
                "TF_CPP_MIN_LOG_LEVEL": "3",
                "RASA_CACHE_DIRECTORY": cache,
            }
            command = [str(root / ".venv-brain" / "bin" / "python"), "-m", "rasa", "train", "--quiet"]
            start = time.monotonic()
            done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)  # noqa: S603
            if done.returncode:
                sys.exit(f"rasa train failed with status {done.returncode}:\n{(done.stdout + done.stderr)[-3000:]}")
            seconds.write_text(str(time.monotonic() - start), encoding="utf-8")
    return float(seconds.read_text(encoding="utf-8")) if seconds.exists() else None


def write_project(root: Path, folder: Path, actions_url: str) -> None:
    """Write the stock project into ``folder``: our data and domain, Rasa's own defaults, the REST channel.

    `rasa init` leaves its pipeline commented out, and training then takes the file that this function copies
    from the installed Rasa, ``rasa/engine/recipes/config_files/default_config.yml``.
    """
    defaults = next((root / ".venv-brain").glob("lib/python3*/site-packages/rasa/engine/recipes/config_files"))
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(root / "data", folder / "data", dirs_exist_ok=True)
    shutil.copy(root / "domain.yml", folder / "domain.yml")
    shutil.copy(defaults / "default_config.yml", folder / "config.yml")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    (folder / "endpoints.yml").write_text(
        f"action_endpoint:\n  url: {actions_url}\n  headers:\n    Authorization: Bearer ${{WARMLINE_ACTIONS_SECRET}}\n",
        encoding="utf-8",
    )


def copy_ours(root: Path, folder: Path) -> None:
    """Copy what training reads into ``folder``, without anything that was built or cached."""
    folder.mkdir(parents=True)
    unbuilt = shutil.ignore_patterns("built", "__pycache__", "node_modules")
    for name in ("bot", "actions", "data", "knowledge_index"):
        shutil.copytree(root / name, folder / name, ignore=unbuilt)
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "channels.yml"):
        shutil.copy(root / name, folder / name)
    shutil.copytree(root / "models" / "encoder", folder / "models" / "encoder")

"""The peer: a Rasa project with the pipeline and policies that `rasa init` gives, on our own data."""

from __future__ import annotations

import shutil
from pathlib import Path


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

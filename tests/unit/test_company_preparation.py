"""What a company needs before its assistant starts is its own affair: a module of its own, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.company_preparation import prepare_company
from bot.errors import WarmlineError
from bot.settings import Settings, load

SECRETS = {"WARMLINE_DATABASE_URL": "postgresql://user:secret@host/x", "PATH": "/usr/bin:/bin"}


def _company(root: Path, script: str | None) -> Settings:
    if script is not None:
        (root / "actions").mkdir()
        (root / "actions" / "__init__.py").touch()
        (root / "actions" / "prepare.py").write_text(script, encoding="utf-8")
    return load({"WARMLINE_ROOT": str(root)})


def test_a_company_without_a_preparation_needs_none(tmp_path: Path) -> None:
    """Nothing of another company is started in its place."""
    prepare_company(_company(tmp_path, None), SECRETS)
    assert list(tmp_path.iterdir()) == []


def test_a_preparation_runs_in_the_companys_folder_and_knows_no_secret_of_ours(tmp_path: Path) -> None:
    """It is the company's code, as its actions are."""
    script = "import os, pathlib\npathlib.Path('seen').write_text(' '.join(sorted(os.environ)))\n"
    prepare_company(_company(tmp_path, script), SECRETS)
    seen = (tmp_path / "seen").read_text().split()
    assert {"WARMLINE_ROOT", "WARMLINE_VAR"} <= set(seen)
    assert "WARMLINE_DATABASE_URL" not in seen


def test_a_preparation_that_fails_stops_the_start_with_its_name(tmp_path: Path) -> None:
    """The assistant would promise what its actions cannot do."""
    with pytest.raises(WarmlineError, match=r"actions/prepare\.py failed"):
        prepare_company(_company(tmp_path, "raise SystemExit(3)\n"), SECRETS)

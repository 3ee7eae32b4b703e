"""The house style, where a machine can check it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(path for folder in ("bot", "actions") for path in (ROOT / folder).rglob("*.py"))
# What a model or an index must never be saved with: loading it runs whatever the file says.
UNSAFE_FORMATS = re.compile(r"\b(import pickle|from pickle|import joblib|from joblib|allow_pickle=True|import dill)\b")
RASA_FREE = [
    *("bot.contract", "bot.wording", "bot.nlu", "bot.knowledge", "bot.handoff", "bot.dialogue", "bot.markdown"),
    *("bot.kit", "bot.setting_files", "bot.untrusted"),
]
"""The packages that must outlive Rasa, those included that are still to come."""
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}


def _ours() -> list[Path]:
    return [path for path in SOURCES if "node_modules" not in path.parts]


def test_every_module_says_in_its_docstring_what_it_is() -> None:
    """A reader learns from the first line what a file is for."""
    silent = [str(path.relative_to(ROOT)) for path in _ours() if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_no_module_has_a_vague_name() -> None:
    """A file is named after one idea."""
    assert [str(path) for path in _ours() if path.stem in VAGUE_NAMES or path.parent.name in VAGUE_NAMES] == []


def test_nothing_is_saved_in_a_format_that_runs_code_when_loaded() -> None:
    """Artefacts are data: npz without pickle, JSON, ONNX, FAISS."""
    assert [str(path) for path in _ours() if UNSAFE_FORMATS.search(path.read_text())] == []


def test_lines_end_at_a_line_feed_only() -> None:
    """`str.splitlines` also splits at U+2028 and U+0085, which customers type; `bot.untrusted.lines` does not."""
    ours = [*_ours(), *sorted((ROOT / "benchmarks").rglob("*.py"))]
    assert [str(path) for path in ours if ".splitlines(" in path.read_text()] == []


def test_no_file_is_more_than_one_thing() -> None:
    """A Python file of the product stays under 400 lines."""
    assert [str(path) for path in _ours() if len(path.read_text().splitlines()) > 400] == []


def test_constraints_hold_no_address_and_no_path_of_a_machine() -> None:
    """The lock files name packages, versions and hashes, and nothing else."""
    for path in sorted((ROOT / "constraints").glob("*.txt")):
        text = path.read_text()
        assert not re.search(r"://|--index|--find-links|file:|^/", text, re.MULTILINE), path
        assert not re.search(r"^torch==", text, re.MULTILINE), f"{path} pins torch, which the project itself pins"


def test_rasas_credentials_open_the_private_channel_alone() -> None:
    """`rasa run` opens every channel that stands in credentials.yml; customers' channels are the gateway's."""
    credentials = yaml.safe_load((ROOT / "credentials.yml").read_text())
    assert len(credentials) == 1
    assert next(iter(credentials)).startswith("bot.brain.channel.")


@pytest.mark.parametrize("module", [name for name in RASA_FREE if (ROOT / name.replace(".", "/")).is_dir()])
def test_the_packages_that_must_outlive_rasa_do_not_import_it(module: str) -> None:
    """Importing every module of the package loads neither rasa nor torch."""
    if module == "bot.kit" and find_spec("rasa_sdk") is None:
        pytest.skip("rasa_sdk lives in the brain's environment")
    package = ROOT / module.replace(".", "/")
    serving = [
        ".".join((module, *path.relative_to(package).with_suffix("").parts))
        for path in sorted(package.rglob("*.py"))
        if path.stem != "__init__" and path.parts[-2:] != ("encoder", "build.py")
    ]
    script = (
        f"import importlib, sys\nfor name in {serving!r}: importlib.import_module(name)\n"
        "loaded = {'rasa', 'torch', 'fastapi', 'sentence_transformers'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    finished = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


def test_the_distribution_holds_the_product_alone() -> None:
    """A company's actions are found in its own folder; the reference's would be found by every other one."""
    wheel = re.search(
        r"\[tool\.hatch\.build\.targets\.wheel\]\n(?:#.*\n)*packages = (.*)", (ROOT / "pyproject.toml").read_text()
    )
    assert wheel is not None
    assert wheel[1] == '["bot"]'

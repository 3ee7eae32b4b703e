"""An upgrade of Rasa that changes what a patch replaces fails here, with the patch's name."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
import re
from pathlib import Path

import pytest

from bot.brain import rasa_patches
from bot.brain.rasa_patches import apply
from bot.brain.rasa_patches.replaced import WRITTEN_FOR, Replaced

NO_PATCH = {"apply", "replaced"}
BEFORE_RASA = {"without_tensorflow"}
"""Replaces no function of Rasa, but another library: `test_without_tensorflow_in_rasa.py` imports all that needs it."""

PATCHES = sorted(module.name for module in pkgutil.iter_modules(rasa_patches.__path__) if module.name not in NO_PATCH)
REPLACING = (
    *(f"bot.brain.rasa_patches.{name}" for name in PATCHES if name not in BEFORE_RASA),
    "bot.brain.components.memoization",
    "bot.brain.action_calls",
)
"""The patches, and two classes that do in another way what a class of Rasa does."""


def replaced() -> list[tuple[str, Replaced]]:
    """Each with the module that replaces it."""
    return [(module, one) for module in REPLACING for one in importlib.import_module(module).REPLACES]


@pytest.mark.parametrize(("patch", "one"), replaced(), ids=lambda value: str(getattr(value, "function", value)))
def test_what_a_patch_replaces_is_what_it_was(patch: str, one: Replaced) -> None:
    """The patch was written for this source; for another one it has to be read again, beside what changed."""
    assert one.installed() == one.sha256, (
        f"{one.module}.{one.function} is not what it was in Rasa {WRITTEN_FOR}. "
        f"Read {patch} beside the new one, and write its hash there."
    )


@pytest.mark.parametrize("module", REPLACING)
def test_every_patch_says_what_it_replaces(module: str) -> None:
    """A patch that names nothing would survive any upgrade."""
    assert importlib.import_module(module).REPLACES


def test_the_hashes_are_of_the_version_that_is_pinned() -> None:
    """Two numbers that are raised together."""
    assert importlib.metadata.version("rasa") == WRITTEN_FOR


@pytest.mark.parametrize("patch", [name for name in PATCHES if name not in BEFORE_RASA])
def test_every_patch_is_put_in_place_in_one_module(patch: str) -> None:
    """Who wants to know what is patched reads one file."""
    called = Path(apply.__file__).read_text(encoding="utf-8")
    assert f"    {patch}.install()\n" in called or f"rasa_patches.{patch} import" in called


def test_rasa_is_patched_nowhere_else() -> None:
    """An assignment to a name of Rasa's outside the patches is a patch without a hash."""
    brain = Path(rasa_patches.__path__[0]).parent
    others = [path for path in brain.rglob("*.py") if "rasa_patches" not in path.parts]
    set_on_rasa = re.compile(r"^\s*(rasa(\.\w+)+|[A-Z]\w+(Policy|Domain|Tracker|Action)\w*\.\w+) = ", re.MULTILINE)
    assert [str(path) for path in others if set_on_rasa.search(path.read_text(encoding="utf-8"))] == []


def test_a_function_that_is_gone_is_named() -> None:
    """Rather than an error about a syntax tree."""
    with pytest.raises(LookupError, match="is_gone"):
        Replaced("rasa.shared.core.domain", "Domain.is_gone", "").source()
    with pytest.raises(LookupError, match=r"rasa\.gone"):
        Replaced("rasa.gone", "whatever", "").source()


def test_decorators_and_comments_are_part_of_a_source() -> None:
    """A function that becomes static, or whose comment warns, is another one."""
    source = Replaced("rasa.core.policies.policy", "Policy.format_tracker_states", "").source()
    assert source.startswith("@staticmethod\n")

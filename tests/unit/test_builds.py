"""Building: only what is out of date, and a failure that stops everything after it."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot import builds
from bot.builds import BuildStep, run_out_of_date
from bot.errors import WarmlineError
from bot.installation import BESIDE
from bot.settings import Settings, load


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A project in a folder of its own."""
    return load({"WARMLINE_ROOT": str(tmp_path)})


def _step(root: Path, script: str) -> BuildStep:
    return BuildStep("copy", "A copy", (sys.executable, "-c", script), (root / "source",), (root / "copy.txt",))


@pytest.fixture
def copying(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One step that joins the files of ``source/`` into ``copy.txt``, and counts how often it ran."""
    script = (
        "from pathlib import Path\n"
        "Path('copy.txt').write_text(''.join(p.read_text() for p in sorted(Path('source').iterdir()) if p.is_file()))\n"
        "with open('runs', 'a') as runs: runs.write('x')"
    )
    (settings.root / "source").mkdir()
    (settings.root / "source" / "a").write_text("a")
    monkeypatch.setattr(builds, "build_steps", lambda given: (_step(given.root, script),))
    return settings.root


def _build(settings: Settings, *, force: bool = False) -> str:
    output = io.StringIO()
    run_out_of_date(settings, Console(file=output, width=100), force=force)
    return output.getvalue()


def _runs(root: Path) -> int:
    return len((root / "runs").read_text())


def test_what_is_current_is_not_built_again(settings: Settings, copying: Path) -> None:
    """The second build says so and runs nothing."""
    _build(settings)
    assert "up to date" in _build(settings)
    assert _runs(copying) == 1


@pytest.mark.parametrize("change", ["edit", "add", "remove", "output lost"])
def test_each_change_of_an_input_builds_again(settings: Settings, copying: Path, change: str) -> None:
    """Content decides, not times: edited, added and removed files, and a lost output."""
    (copying / "source" / "b").write_text("b")
    _build(settings)
    if change == "edit":
        (copying / "source" / "a").write_text("A")
    elif change == "add":
        (copying / "source" / "c").write_text("c")
    elif change == "remove":
        (copying / "source" / "b").unlink()
    else:
        (copying / "copy.txt").unlink()
    _build(settings)
    assert _runs(copying) == 2


def test_an_edit_during_a_build_is_built_the_next_time(
    settings: Settings, copying: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Training takes half a minute; what a trainer saves meanwhile is in no model yet, and must not count as built."""
    script = "from pathlib import Path; Path('copy.txt').write_text('old'); Path('source/a').write_text('new')"
    monkeypatch.setattr(builds, "build_steps", lambda given: (_step(given.root, script),))
    _build(settings)
    assert "up to date" not in _build(settings)


def test_force_builds_what_is_current(settings: Settings, copying: Path) -> None:
    """An operator who distrusts the machine can build everything."""
    _build(settings)
    _build(settings, force=True)
    assert _runs(copying) == 2


def test_a_failing_step_stops_the_build_and_is_tried_again(
    settings: Settings, copying: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No stamp is left behind that would call the failure current."""
    monkeypatch.setattr(builds, "build_steps", lambda given: (_step(given.root, "raise SystemExit(3)"),))
    for _ in range(2):
        with pytest.raises(WarmlineError, match=r"A copy failed \(status 3\)"):
            _build(settings)


def test_what_is_built_incompletely_is_said_each_time_and_stops_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was rejected is no reason to stand still, and none to be silent."""
    (settings.root / "source").mkdir()
    script = "import sys; open('copy.txt', 'a').write('x'); sys.exit(3)"
    after = _step(settings.root, "open('after.txt', 'w')")
    steps = (replace(_step(settings.root, script), incomplete=3), replace(after, name="after"))
    monkeypatch.setattr(builds, "build_steps", lambda given: steps)
    assert "built without the files" in _build(settings)
    assert (settings.root / "after.txt").is_file()
    assert "built without the files" in _build(settings)


def test_links_and_pipes_among_the_inputs_are_not_followed(settings: Settings, copying: Path) -> None:
    """A loop of links, or a pipe that nobody writes to, would keep the build forever."""
    (copying / "source" / "loop").symlink_to(copying / "source")
    _build(settings)
    os.mkfifo(copying / "source" / "pipe")
    assert "up to date" in _build(settings)


def test_a_model_is_trained_again_when_what_reads_or_decides_has_changed(settings: Settings) -> None:
    """Training measures with the code of these packages; a model of other code would promise what nobody measured."""
    model = next(step for step in builds.build_steps(settings) if step.name == "model")
    assert {BESIDE / "bot" / name for name in ("brain", "core", "nlu", "knowledge", "dialogue")} <= set(model.inputs)

"""What is built before the assistant can start, in order, and only what is out of date."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bot.environment import Part, environment_of
from bot.errors import WarmlineError
from bot.installation import BESIDE, python_of
from bot.knowledge.index.build import SOME_REJECTED
from bot.settings import Settings

NEVER_INPUTS = frozenset({"__pycache__", "built", "node_modules", "tests"})


@dataclass(frozen=True)
class BuildStep:
    """One thing to build: which command makes it, from what, and where it lands."""

    name: str
    title: str
    command: tuple[str, ...]
    inputs: tuple[Path, ...]
    """Files and folders whose content decides whether the output is current."""
    outputs: tuple[Path, ...]
    """Files or folders that must exist; a pattern in the last part is allowed."""
    part: Part = "build"
    """Which environment the command gets: none that builds knows a secret, since trainers' files are read there."""
    incomplete: int | None = None
    """The exit status for "built, but without what was named above": a warning, each time until it is fixed."""


def build_steps(settings: Settings) -> tuple[BuildStep, ...]:
    """List the steps in the order in which they depend on one another."""
    root = settings.root
    gateway_python, brain_python = str(python_of("gateway")), str(python_of("brain"))
    encoder_manifest = settings.encoder / "manifest.json"
    bot = BESIDE / "bot"
    understanding = tuple(bot / package for package in ("contract", "core", "nlu", "knowledge", "dialogue"))
    return (
        BuildStep(
            name="encoder",
            title="Sentence encoder (weights to ONNX)",
            command=(gateway_python, "-m", "bot.nlu.encoder.build", "--folder", str(settings.encoder)),
            inputs=(bot / "nlu" / "encoder" / "build.py",),
            outputs=(encoder_manifest,),
            part="encoder",
        ),
        BuildStep(
            name="index",
            title="Knowledge index (articles to FAISS)",
            command=(brain_python, "-m", "bot.knowledge.index.build"),
            inputs=(settings.articles, settings.asked, encoder_manifest, bot / "knowledge"),
            outputs=(settings.index,),
            incomplete=SOME_REJECTED,
        ),
        BuildStep(
            name="model",
            title="Rasa model (intents, scope, entities, dialogue)",
            command=(brain_python, "-m", "bot.brain.train"),
            inputs=(
                root / "data",
                root / "domain.yml",
                root / "domain",
                root / "config.yml",
                bot / "brain",
                BESIDE / "constraints" / "brain-3.10.txt",
                *understanding,
                settings.articles,
                settings.asked,
                encoder_manifest,
            ),
            outputs=(settings.models / "*.tar.gz",),
        ),
    )


def run_out_of_date(settings: Settings, console: Console, *, force: bool = False) -> None:
    """Build what is missing or older than what it is made from; say what each step cost.

    Raises:
        WarmlineError: a step failed; its own output, printed above, says why.
    """
    stamps = settings.models / "stamps"
    for step in build_steps(settings):
        stamp = stamps / f"{step.name}.json"
        wanted = _content_hash(step.inputs, settings.root)
        if not force and _is_current(step, stamp, wanted):
            console.print(f"[green]✓[/] {step.title}: up to date")
            continue
        console.print(f"[bold]→ {step.title}[/]")
        start = time.monotonic()
        finished = subprocess.run(step.command, cwd=settings.root, env=_environment(step.part), check=False)  # noqa: S603 - our own commands
        seconds = time.monotonic() - start
        if finished.returncode == step.incomplete:
            stamp.unlink(missing_ok=True)
            console.print(f"[bold yellow]! {step.title}: built without the files that are named above.[/]")
            continue
        if finished.returncode != 0:
            raise WarmlineError(
                f"{step.title} failed (status {finished.returncode}). The lines above say why; "
                "fix it and run the same command again."
            )
        stamps.mkdir(parents=True, exist_ok=True)
        # As they were before the step: what was edited while it ran is not in what it built.
        stamp.write_text(json.dumps({"inputs": wanted}), encoding="utf-8")
        console.print(f"[green]✓[/] {step.title}: {seconds:.1f} s, {_megabytes(step.outputs):.1f} MB")


def _environment(part: Part) -> Mapping[str, str]:
    quiet = {"PYTHONUNBUFFERED": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false"}
    return {**environment_of(part, os.environ), **quiet}


def _is_current(step: BuildStep, stamp: Path, wanted: str) -> bool:
    if not all(any(output.parent.glob(output.name)) for output in step.outputs):
        return False
    try:
        return bool(json.loads(stamp.read_text(encoding="utf-8"))["inputs"] == wanted)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _files(path: Path) -> Iterator[Path]:
    """Yield the regular files below a path; links among them are not followed, they may lead anywhere and back."""
    if path.is_dir():
        for child in sorted(path.iterdir()):
            if child.name not in NEVER_INPUTS and not child.is_symlink():
                yield from _files(child)
    elif path.is_file():
        yield path


def _content_hash(inputs: tuple[Path, ...], root: Path) -> str:
    digest = hashlib.sha256()
    for path in inputs:
        for file in _files(path):
            digest.update(os.path.relpath(file, root).encode())
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()


def _megabytes(outputs: tuple[Path, ...]) -> float:
    found = [match for output in outputs for match in output.parent.glob(output.name)]
    return sum(file.stat().st_size for path in found for file in _files(path)) / 1e6

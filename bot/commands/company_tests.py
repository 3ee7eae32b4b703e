"""`warmline test`: a company's own tests, and nothing of the product's."""

from __future__ import annotations

import os
import subprocess

from rich.console import Console

from bot.environment import environment_of
from bot.errors import WarmlineError
from bot.installation import python_of
from bot.settings import Settings

STORIES = "bot.brain.stories"


def run_company_tests(settings: Settings, console: Console) -> None:
    """Look at the articles, try the stories, run the Python tests: what there is of each.

    Everything is run, whatever fails first.

    Raises:
        WarmlineError: Something failed; its own output, printed above, says what.
    """
    tests = settings.root / "tests"
    failed = []
    steps: list[tuple[str, list[str], bool]] = [
        (
            "articles",
            [str(python_of("gateway")), "-m", "bot.commands.main", "knowledge", "check", "--skip", "review"],
            settings.articles.is_dir(),
        ),
        ("stories", [str(python_of("brain")), "-m", STORIES], any((tests / "stories").glob("test_*.yml"))),
        ("Python tests", [str(python_of("brain")), "-m", "pytest", "-q", str(tests)], any(tests.rglob("test_*.py"))),
    ]
    for name, command, there in steps:
        if not there:
            console.print(f"[dim]- {name}: none in {settings.root.name}[/]")
            continue
        console.print(f"[bold]→ {name}[/]")
        environment = {
            **environment_of("build", os.environ),
            "WARMLINE_ROOT": str(settings.root),
            "WARMLINE_VAR": str(settings.var),
            "WARMLINE_MODELS": str(settings.models),
            "PYTHONPATH": str(settings.root),
        }
        if subprocess.run(command, cwd=settings.root, env=environment, check=False).returncode:  # noqa: S603 - our own commands
            failed.append(name)
    if failed:
        raise WarmlineError(f"What failed: {', '.join(failed)}. The lines above say how.")
    console.print(f"[green]✓[/] {settings.root.name}: all tests passed")

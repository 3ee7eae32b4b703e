"""Shows what became of an imported Rasa project."""

from __future__ import annotations

from bot.teaching.rasa_import.project import REPORT
from bot.teaching.rasa_import.report import ImportReport, Outcome, heading_of
from bot.untrusted.terminal import Terminal, inert

_COLOURS = {
    Outcome.TO_DO: "bold red",
    Outcome.LEFT_OUT: "bold yellow",
    Outcome.CHANGED: "bold cyan",
    Outcome.TAKEN: "bold green",
}


def show(report: ImportReport, console: Terminal) -> None:
    """Print every note, what works first, so that what is to be done stands last on the screen."""
    for outcome in reversed(Outcome):
        notes = report.of(outcome)
        if notes:
            console.print(f"[{_COLOURS[outcome]}]{heading_of(outcome)}[/]")
        for note in notes:
            console.print(f"  {inert(str(note))}", soft_wrap=True)
    counts = ", ".join(f"{len(report.of(outcome))} {outcome.value}" for outcome in Outcome)
    console.print(f"{len(report.written)} files were written ({counts}). {REPORT} keeps this list.")

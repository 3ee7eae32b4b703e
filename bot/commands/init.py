"""`warmline init`: begin a company of its own, in a folder of its own."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot import core
from bot.commands import rasa_import
from bot.errors import WarmlineError
from bot.starter import company
from bot.teaching.rasa_import.project import import_project, refuse_project
from bot.untrusted.terminal import Terminal, inert

console = Terminal()

CANNOT_BE = 2
"""The exit status for an answer, or a folder, that cannot be taken; nothing was written then."""


def init(
    folder: Annotated[Path, typer.Argument(help="A new folder, or an empty one.")],
    name: Annotated[str | None, typer.Option(help="The company's name, as customers know it.")] = None,
    language: Annotated[str | None, typer.Option(help="The assistant's language, such as en.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Where the company is, such as America/Toronto.")] = None,
    country: Annotated[str | None, typer.Option(help="Its country as two capitals, such as CA.")] = None,
    from_rasa: Annotated[Path | None, typer.Option(help="A project of Rasa 2 or 3 to bring along.")] = None,
) -> None:
    """Begin a company's folder: data, articles, actions, settings, tests, and a page to look at.

    What is not given is asked for.
    """
    report = None
    there, begun = folder.exists(), False
    try:
        company.refuse_folder(folder)
        if from_rasa is not None:
            refuse_project(from_rasa, folder)
        answers = company.Answers(
            name=_answer("--name", "The company's name", name, company.refuse_name),
            language=_answer(
                "--language",
                f"The assistant's language ({', '.join(core.LANGUAGES)})",
                language,
                company.refuse_language,
            ),
            zone=_answer("--timezone", "Its time zone, such as America/Toronto", timezone, company.refuse_zone),
            country=_answer("--country", "Its country as two capitals, such as CA", country, company.refuse_country),
        )
        begun = True
        written = company.begin_company(folder, answers, date.today(), example=from_rasa is None)
        if from_rasa is not None:
            report = import_project(from_rasa, folder, answers.language)
    except (WarmlineError, OSError) as error:
        if begun:
            _take_back(folder, there)
        console.print(f"[bold red]Nothing was written.[/] {inert(str(error))}", soft_wrap=True)
        raise typer.Exit(CANNOT_BE) from error
    files = len(written)
    if report is not None:
        rasa_import.show(report, console)
        files += len(report.written)
    place = inert(shlex.quote(str(folder)))
    console.print(f"[green]✓[/] {files} files in {place}. Its README.md says what each is for.", soft_wrap=True)
    console.print(f"  Start it:  ASSISTANT={place} make run", soft_wrap=True)
    console.print(f"  Check it:  ASSISTANT={place} make test", soft_wrap=True)


def _take_back(folder: Path, there: bool) -> None:
    """Leave a folder that was new, or empty, as it was."""
    shutil.rmtree(folder, ignore_errors=True)
    if there:
        folder.mkdir(exist_ok=True)


def _answer(option: str, question: str, given: str | None, refuse: Callable[[str], None]) -> str:
    """What was given, or what somebody at the terminal answers; a wrong answer there is asked for again."""
    if given is not None:
        refuse(given)
        return given
    if not sys.stdin.isatty():
        raise company.BeginningError(f"{option} is missing, and nobody is here to be asked. {question}.")
    while True:
        answer = str(typer.prompt(question)).strip()
        try:
            refuse(answer)
        except company.BeginningError as error:
            console.print(inert(str(error)), soft_wrap=True)
        else:
            return answer

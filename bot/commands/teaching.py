"""What trainers ask of real conversations, and say of them: what to teach next, and whether the promise was kept."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from enum import Enum
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from bot.errors import WarmlineError
from bot.nlu.intents.promise import of_model
from bot.nlu.intents.trained_models import newest_model
from bot.settings import load
from bot.teaching import report
from bot.teaching.asked import AskedQuestion, exported, read_file
from bot.teaching.audit import Audit, Outcome, Promise, audit
from bot.teaching.judging import turns
from bot.teaching.suggestions import as_yaml, intents_of, suggestions, titles_of
from bot.untrusted.control_characters import visible
from bot.untrusted.terminal import Terminal, inert

console = Terminal()

MOST_INTENTS = 15

_SINCE = typer.Option(help="A day such as 2026-10-01; without it the last four weeks.", formats=["%Y-%m-%d"])
_ASKED = typer.Option(help="A file of question/1 lines instead of the gateway's database.")


class Turns(str, Enum):
    """Which turns are listed."""

    WRONG = "wrong"
    ALL = "all"


class Said(str, Enum):
    """What may be said of a turn."""

    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"


def suggest(since: Annotated[datetime | None, _SINCE] = None, asked: Annotated[Path | None, _ASKED] = None) -> None:
    """Print what customers chose when they were asked back, and what was marked as meant, as examples for data/nlu."""
    try:
        found = suggestions(_questions(since, asked), titles_of(load().root))
    except WarmlineError as error:
        raise _stopped(error) from error
    if found:
        print(visible(as_yaml(found)), end="")
    else:
        console.print("Nobody who was asked back has chosen anything yet, and no mark says what was meant.")


def weekly_audit(
    since: Annotated[datetime | None, _SINCE] = None,
    asked: Annotated[Path | None, _ASKED] = None,
    promised: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="Instead of what the trained model promises.")
    ] = None,
    listed: Annotated[Turns | None, typer.Option("--turns", help="List the answered turns to mark them.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Compare the share of wrong answers that the trained model promised with what happened."""
    try:
        questions = _questions(since, asked)
        if listed is not None:
            for line in turns(questions, wrong_only=listed is Turns.WRONG):
                print(visible(line))
            return
        judged = audit(questions, Promise(promised) if promised is not None else _promise())
    except WarmlineError as error:
        raise _stopped(error) from error
    if as_json:
        print(json.dumps(judged.to_json(), indent=1))  # ASCII: JSON escapes what a terminal would obey
    else:
        _print(judged)


def mark(
    message: Annotated[str, typer.Argument(help="The message's id, as `warmline audit --turns` prints it.")],
    verdict: Annotated[Said, typer.Argument(help="Was the turn right? `none` takes a mark back.")],
    meant: Annotated[str | None, typer.Option(help="The intent that a wrong turn should have seen.")] = None,
    by: Annotated[str | None, typer.Option(help="Your username at the desk; without it the mark has no name.")] = None,
) -> None:
    """Say whether the assistant was right; the audit believes a mark before anything else."""
    where = load()
    try:
        if meant is not None and meant not in intents_of(where.root):
            raise WarmlineError(f"data has no intent {meant!r}.")
        _mark(where.database_url, message, verdict, meant, by)
    except WarmlineError as error:
        raise _stopped(error) from error
    console.print("The mark is taken back." if verdict is Said.NONE else f"Marked {verdict.value}.")


def _mark(database_url: str, message: str, verdict: Said, meant: str | None, by: str | None) -> None:
    # The database's libraries take half a second to import: not for every `warmline` command.
    from bot.gateway.desk.marks import mark_by_hand
    from bot.gateway.platform.database import existing

    said: Literal["right", "wrong"] | None = None if verdict is Said.NONE else verdict.value
    with existing(database_url) as database:
        database.run_here(mark_by_hand, message, said, meant, by)


def _promise() -> Promise:
    model = newest_model(load().models)
    return Promise.of_model(model.name, of_model(model))


def _questions(since: datetime | None, asked: Path | None) -> tuple[AskedQuestion, ...]:
    if asked is not None:
        return read_file(asked)
    start = since or datetime.now(timezone.utc) - timedelta(weeks=4)
    return exported(load().database_url, start.date())


def _stopped(error: WarmlineError) -> typer.Exit:
    console.print(f"[bold red]Stopped.[/] {inert(str(error))}", soft_wrap=True)
    return typer.Exit(1)


def _print(judged: Audit) -> None:
    whole = judged.all
    if not whole.messages:
        console.print("There are no conversations in this period.")
        return
    for sentence in report.told(judged):
        console.print(sentence, markup=False, soft_wrap=True)
    console.print(_table("By week", judged.weeks))
    console.print(_table("By intent, the most wrong first", judged.intents[:MOST_INTENTS]))


def _table(title: str, outcomes: tuple[Outcome, ...]) -> Table:
    table = Table(title=title)
    table.add_column("", no_wrap=True)
    for column in ("messages", "answered", "wrong", "share", "95 %", "because"):
        table.add_column(column)
    for one in outcomes:
        because = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in sorted(one.reasons.items()))
        spread = f"{one.low:.1%} to {one.high:.1%}"
        table.add_row(
            inert(one.group),
            str(one.messages),
            str(one.answered),
            str(one.wrong),
            f"{one.share:.1%}",
            spread,
            inert(because),
        )
    return table

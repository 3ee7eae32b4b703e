"""What trainers ask of real conversations: what to teach next, and whether the promise was kept."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.errors import WarmlineError
from bot.settings import load
from bot.teaching.asked import AskedQuestion, exported, read_file
from bot.teaching.audit import Audit, Outcome, audit
from bot.teaching.suggestions import as_yaml, suggestions, titles_of

console = Console(highlight=False)

PROMISED = 0.03
"""The share of wrong answers that is promised unless another is named."""
MOST_INTENTS = 15

_SINCE = typer.Option(help="A day such as 2026-10-01; without it the last four weeks.", formats=["%Y-%m-%d"])
_ASKED = typer.Option(help="A file of question/1 lines instead of the gateway's database.")


def suggest(since: Annotated[datetime | None, _SINCE] = None, asked: Annotated[Path | None, _ASKED] = None) -> None:
    """Print what customers chose when they were asked back, as examples for data/nlu."""
    try:
        found = suggestions(_questions(since, asked), titles_of(load().root / "data" / "nlu"))
    except WarmlineError as error:
        raise _stopped(error) from error
    if found:
        print(as_yaml(found), end="")
    else:
        console.print("Nobody who was asked back has chosen anything yet.")


def weekly_audit(
    since: Annotated[datetime | None, _SINCE] = None,
    asked: Annotated[Path | None, _ASKED] = None,
    promised: Annotated[float, typer.Option(min=0.0, max=1.0, help="Wrong answers among all messages.")] = PROMISED,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Compare the promised share of wrong answers with what customers did next."""
    try:
        judged = audit(_questions(since, asked), promised)
    except WarmlineError as error:
        raise _stopped(error) from error
    if as_json:
        print(json.dumps(judged.to_json(), indent=1))
    else:
        _print(judged)


def _questions(since: datetime | None, asked: Path | None) -> tuple[AskedQuestion, ...]:
    if asked is not None:
        return read_file(asked)
    start = since or datetime.now(timezone.utc) - timedelta(weeks=4)
    return exported(load().database_url, start.date())


def _stopped(error: WarmlineError) -> typer.Exit:
    console.print(f"[bold red]Stopped.[/] {error}", soft_wrap=True)
    return typer.Exit(1)


def _print(judged: Audit) -> None:
    whole = judged.all
    if not whole.messages:
        console.print("There are no conversations in this time.")
        return
    console.print(
        f"Promised: at most {judged.promised:.1%} wrong answers. Seen: {whole.share:.1%} of {whole.messages} messages "
        f"({whole.low:.1%} to {whole.high:.1%}): the promise is {judged.verdict}."
    )
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
            one.group, str(one.messages), str(one.answered), str(one.wrong), f"{one.share:.1%}", spread, because
        )
    return table

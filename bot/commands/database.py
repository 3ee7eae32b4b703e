"""`warmline database`: which steps the database's shape has taken, and back before an older version is put in place."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.errors import WarmlineError
from bot.settings import load
from bot.untrusted.control_characters import visible

if TYPE_CHECKING:
    from bot.gateway.platform.database import Database

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="The shape of the database."
)

T = TypeVar("T")


@app.command()
def steps() -> None:
    """List the steps that this version knows, the first one first; `x` marks those that the database has taken."""
    from bot.gateway.migrations import history

    for step in _with_database(lambda database: database.run_here(history)):
        print(f"{'x' if step.done else ' '} {step.name:<20} {step.says}")


@app.command()
def downgrade(
    step: Annotated[str, typer.Argument(help="The last step that the older version knows; it says which.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Undo every step after this one, and what is stored in what they added. End all gateways and back up first."""
    from bot.gateway.migrations import downgrade as go_back

    if not yes:
        typer.confirm("Have all gateways ended, and is there a backup?", abort=True)
    _with_database(lambda database: go_back(database, step))
    print(visible(f"The database is as it was after {step}. Start the older version now."), file=sys.stderr)


def _with_database(work: Callable[[Database], T]) -> T:
    # The database's libraries take half a second to import: not for every `warmline` command.
    from bot.gateway.platform.database import existing

    try:
        with existing(load().database_url) as database:
            return work(database)
    except WarmlineError as error:
        print(visible(str(error)), file=sys.stderr)
        raise typer.Exit(1) from error

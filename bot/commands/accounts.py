"""`warmline account`: who may sign in at the desk, for whoever may read the database.

A password is printed to standard output, alone; everything else goes to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from bot.errors import WarmlineError
from bot.gateway.desk.roles import Role
from bot.settings import load
from bot.untrusted.control_characters import visible

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Accounts of the desk."
)

_Username = Annotated[str, typer.Argument(help="The name they sign in with.")]


@app.command()
def add(
    username: _Username,
    name: Annotated[str | None, typer.Option(help="What customers see; the username if left out.")] = None,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.AGENT,
) -> None:
    """Create an account and print its password."""
    from bot.gateway.desk import accounts

    print(_run(accounts.create, username, name or username, role))


@app.command()
def reset(username: _Username) -> None:
    """Print a new password for an account, and sign it out everywhere."""
    from bot.gateway.desk import accounts

    print(_run(accounts.reset, username))


@app.command()
def unlock(username: _Username) -> None:
    """Unlock an account that other people's wrong passwords have locked."""
    from bot.gateway.desk import accounts

    _run(accounts.unlock, username)
    print(visible(f"{accounts.username_of(username)} can sign in again."), file=sys.stderr)


def create_first(database_url: str) -> str | None:
    """Create the first account where there is none, in a database that may not be there yet; answers its password."""
    from bot.gateway.desk import accounts
    from bot.gateway.migrations import prepared
    from bot.gateway.platform.clock import utc_now

    with prepared(database_url) as database:
        return database.run_here(accounts.create_first, utc_now())


def _run(work: Callable[..., Any], *given: Any) -> Any:
    # The database's libraries take half a second to import: not for every `warmline` command.
    from bot.gateway.migrations import prepared
    from bot.gateway.platform.clock import utc_now

    try:
        with prepared(load().database_url) as database:
            return database.run_here(work, *given, utc_now())
    except WarmlineError as error:
        print(visible(str(error)), file=sys.stderr)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    app()

"""`warmline telegram`: connecting the bot."""

from __future__ import annotations

import asyncio
import sys

import typer

from bot.errors import WarmlineError
from bot.settings import load
from bot.untrusted.control_characters import visible

app = typer.Typer(help="Connect Telegram.", no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def telegram() -> None:
    """Connect Telegram."""


@app.command()
def set_webhook() -> None:
    """Tell Telegram where the webhook is."""
    from bot.gateway.channels.telegram import connect

    try:
        url = asyncio.run(connect(load()))
    except WarmlineError as error:
        print(visible(str(error)), file=sys.stderr)
        raise typer.Exit(1) from error
    print(f"Telegram now sends updates to {url}")


if __name__ == "__main__":
    app()

"""`warmline questions`: what customers asked, for trainers and editors, as JSON lines (docs/reference/questions.md).

Whoever may read the database may read the conversations. Customers' words go to standard output and nowhere else.
"""

from __future__ import annotations

import sys
from datetime import datetime, timezone
from typing import Annotated

import typer

from bot.errors import WarmlineError
from bot.settings import load
from bot.untrusted.control_characters import visible

_THE_BEGINNING = datetime(1970, 1, 1)


def questions(
    since: Annotated[datetime, typer.Option(help="A day such as 2026-10-01.", formats=["%Y-%m-%d"])] = _THE_BEGINNING,
) -> None:
    """Print what customers asked, what was decided and how it ended, as JSON lines (question/1)."""
    from bot.gateway.desk.asked import export

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        export(load().database_url, since.replace(tzinfo=timezone.utc))
    except WarmlineError as error:
        print(visible(str(error)), file=sys.stderr)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    typer.run(questions)

"""What a company needs done before its assistant starts: its own module ``actions/prepare.py``, or nothing."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from bot.environment import environment_of
from bot.errors import WarmlineError
from bot.installation import python_of
from bot.settings import Settings

MODULE = "actions.prepare"


def prepare_company(settings: Settings, given: Mapping[str, str]) -> None:
    """Run the company's preparation where it has one, with the environment that its actions get.

    Raises:
        WarmlineError: It failed; its own output, printed above, says why.
    """
    file = settings.root.joinpath(*MODULE.split(".")).with_suffix(".py")
    if not file.is_file():
        return
    environment = environment_of(
        "actions", {**given, "WARMLINE_ROOT": str(settings.root), "WARMLINE_VAR": str(settings.var)}
    )
    command = (str(python_of("brain")), "-m", MODULE)
    if subprocess.run(command, cwd=settings.root, env=environment, check=False).returncode:  # noqa: S603 - the company's own module
        raise WarmlineError(
            f"{file.relative_to(settings.root)} failed, which prepares what the actions need. The lines above say why."
        )

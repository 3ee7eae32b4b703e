"""What tests of several folders share: which of them run in one process, and a brain with an action server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

# One installation and its queue, or one small model, serves all tests of these folders, in their order.
IN_ONE_PROCESS = ("tests/e2e/", "tests/brain/", "tests/second_company/")
# These have companies, or a gateway, of their own, and need nothing of the others.
BY_THEMSELVES = (
    *(f"tests/brain/test_{name}.py" for name in ("core", "foreign_project", "imported_projects", "untaught_company")),
    *(f"tests/e2e/test_{name}.py" for name in ("flood", "foreign_pages", "trainers_mistakes", "widget_reading")),
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Give out whole files to the processes that run side by side, or all of a folder whose tests share something.

    Not by ``xdist_group``: pytest-xdist 3.8 sets it where pytest 9.2 no longer looks.
    """
    from xdist.scheduler import LoadFileScheduling

    class ByFileOrFolder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            if file.startswith(BY_THEMSELVES):
                return file
            return next((folder for folder in IN_ONE_PROCESS if file.startswith(folder)), file)

    return ByFileOrFolder(config, log)


@pytest.fixture(scope="session")
def brain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A :class:`tests.processes.Brain` with its action server and a freshly seeded shop, on free ports.

    It serves the model in ``models/``, which is trained first where it is missing or out of date.
    """
    from rich.console import Console

    from bot.builds import run_out_of_date
    from bot.company_preparation import prepare_company
    from tests.e2e.installation import Installation, private_settings
    from tests.processes import Brain

    settings = private_settings(tmp_path_factory.mktemp("brain"))
    run_out_of_date(settings, Console(stderr=True))
    settings.var.mkdir(parents=True, exist_ok=True)
    prepare_company(settings, os.environ)
    installation = Installation(settings)
    try:
        installation.start("actions", "brain")
        yield Brain(settings.brain_url, settings.brain_secret, installation)
    finally:
        installation.close()

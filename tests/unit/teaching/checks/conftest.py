"""A small company whose files can be broken one by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.teaching.checks.findings import in_order
from bot.teaching.checks.project import check_project
from tests.brain.small_project import write_project

ARTICLES = {"opening-hours", "delivery"}

ACTIONS = """from rasa_sdk import Action


class Base(Action):
    def name(self):
        return self.action_name


class Answer(Base):
    action_name = "action_answer"


class Fetch(Base):
    action_name = "action_fetch"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_welcome_back")


class Sorry(Action):
    def name(self):
        return "action_sorry"


class ValidateRepair(Action):
    def name(self):
        return "validate_repair_form"
"""


class Company:
    """A folder with a company's files."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> None:
        """Write a file of it."""
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> int:
        """Replace the first ``old`` of a file; gives the line on which it stood."""
        text = (self.root / name).read_text(encoding="utf-8")
        before, found, after = text.partition(old)
        assert found, f"{old!r} does not stand in {name}"
        self.write(name, before + new + after)
        return before.count("\n") + 1

    def mistakes(self) -> list[str]:
        """What is wrong, by file and line."""
        return [str(one) for one in in_order(check_project(self.root, ARTICLES).mistakes)]

    def remarks(self) -> list[str]:
        """What is said and stops nothing."""
        return [str(one) for one in in_order(check_project(self.root, ARTICLES).remarks)]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """The small project of the brain's tests, with actions of its own."""
    write_project(tmp_path)
    made = Company(tmp_path)
    made.write("actions/__init__.py", "")
    made.write("actions/all.py", ACTIONS)
    return made


@pytest.fixture
def with_rules(company: Company) -> Callable[[str], Company]:
    """The company with further rules and stories, in a file of their own."""

    def add(text: str) -> Company:
        company.write("data/more.yml", text)
        return company

    return add

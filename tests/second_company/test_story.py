"""From `warmline init` to a cited answer, a form and a hand-over in a browser, as docs/your-own-company.md says."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.installation import Installation
from tests.e2e.windows import Customer, Windows
from tests.second_company.conftest import NAME, warmline


@pytest.fixture
def windows(browser: Browser, second_installation: Installation) -> Iterator[Windows]:
    """No window yet."""
    windows = Windows(browser, second_installation)
    yield windows
    windows.close()
    assert windows.complaints == []


def test_a_customer_is_answered_served_and_handed_over(windows: Windows, second_installation: Installation) -> None:
    """On the company's own page."""
    page = windows.open()
    customer = Customer(page, second_installation.url)
    expect(page).to_have_title(NAME)
    expect(customer.log).to_contain_text(f"{NAME}'s automated assistant")

    customer.say("What time do you close on Friday?")
    expect(customer.log).to_contain_text("5pm")
    expect(customer.log.get_by_role("link").first).to_have_attribute("href", re.compile("/articles/opening-hours$"))

    customer.say("I'd like a quote")
    expect(customer.log).to_contain_text("What would you like a quote for?")
    customer.say("a garden shed")
    expect(customer.log).to_contain_text("On which day")
    customer.say("next Monday")
    expect(customer.log).to_contain_text("e-mail address")
    customer.say("robin@example.com")
    expect(customer.log).to_contain_text("Your reference is Q-")

    customer.say("I want to talk to a human please")
    agent = windows.agent("Nova Reyes")
    agent.take("I want to talk to a human please")
    expect(agent.transcript).to_contain_text("robin@example.com")
    agent.page.get_by_label("Your reply").fill("Hello, I have your request here.")
    agent.page.get_by_role("button", name="Send").click()
    expect(customer.log).to_contain_text("Hello, I have your request here.")


def test_its_own_tests_pass_and_nothing_of_it_is_left_to_commit(company: Path) -> None:
    """`make test` there runs its articles and stories; what commands make is ignored by its repository."""
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-C", str(company)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "--all"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--message=begin"], check=True)
    tested = warmline("test", root=company)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "all 2 passed" in tested.stdout
    assert "2 articles, 0 findings" in tested.stdout
    changed = subprocess.run([*git, "status", "--porcelain"], check=True, capture_output=True, text=True)
    assert changed.stdout == ""


def test_a_story_that_fails_fails_the_test(company: Path) -> None:
    """With the story's name, and status 1."""
    story = company / "tests" / "stories" / "test_wrong.yml"
    story.write_text(
        'version: "3.1"\nstories:\n  - story: Never so\n    steps:\n      - user: hello\n        intent: greet\n'
        "      - action: utter_goodbye\n",
        encoding="utf-8",
    )
    try:
        tested = warmline("test", root=company)
    finally:
        story.unlink()
    assert tested.returncode == 1
    assert "Never so" in tested.stdout
    assert "What failed: stories" in tested.stdout

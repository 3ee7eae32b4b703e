"""What `warmline knowledge` promises: sentences for people, exit statuses for CI, and no customer's words in errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands import knowledge as knowledge_commands
from bot.commands.main import app

FIELDS = "audience: [{}]\nlanguage: en\nupdated: 2026-10-05\nreview_by: 2027-04-05\nproducts: []\n"
GOLDEN = """- question: how much is delivery
  article: delivery
  sentence: Standard delivery costs £25 for each order.
- question: may i bring my dog
  article: null
- question: what may a team leader approve
  article: null
  internal: true
"""


def _write(root: Path, name: str, body: str, audience: str = "public") -> Path:
    path = root / "knowledge_index" / "articles" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"id: {name}\ntitle: All about {name}?\nurl: https://help.example/{name}\n{FIELDS.format(audience)}"
    path.write_text(f"---\n{head}---\n{body}\n")
    return path


@pytest.fixture
def project(tmp_path: Path, built_encoder_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with the encoder that is built, and its index."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "encoder").symlink_to(built_encoder_folder)
    _write(tmp_path, "delivery", "Standard delivery costs £25 for each order.")
    _write(tmp_path, "limits", "A team leader may approve goodwill of £50 for a late van.", "internal")
    golden = tmp_path / "tests" / "knowledge" / "questions.yml"
    golden.parent.mkdir(parents=True)
    golden.write_text(GOLDEN)
    monkeypatch.setenv("WARMLINE_ROOT", str(tmp_path))
    for name in ("WARMLINE_MODELS", "WARMLINE_VAR", "WARMLINE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    assert _run("build").exit_code == 0
    return tmp_path


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["knowledge", *arguments])


def test_searching_shows_scores_and_marks_what_is_internal(project: Path) -> None:
    """Without an audience everything is searched, with one only what it may read."""
    everything = _run("search", "goodwill for a late van")
    assert everything.exit_code == 0
    first = everything.stdout.splitlines()[0]
    assert "internal" in first
    assert "█" in first
    public = _run("search", "goodwill for a late van", "--audience", "public").stdout
    assert "internal" not in public
    assert "team leader" not in public


def test_a_check_that_finds_nothing_ends_with_0_and_one_that_does_with_1(project: Path) -> None:
    """Each finding has its kind and its place."""
    assert (clean := _run("check", "--today", "2026-12-01")).exit_code == 0, clean.output
    _write(project, "prices", "Standard delivery costs £30 for each order.")
    found = _run("check", "--today", "2027-05-01")
    assert found.exit_code == knowledge_commands.FOUND_SOMETHING
    kinds = {line.split()[0] for line in found.stdout.splitlines()[:-1]}
    assert kinds == {"review", "contradiction"}
    assert "prices.md, line 11" in found.stdout
    assert _run("check", "--today", "2027-05-01", "--skip", "review", "--skip", "contradiction").exit_code == 0
    assert "is not a kind of finding" in _run("check", "--skip", "everything").output


def test_a_broken_article_is_a_finding_and_building_goes_on_without_it(project: Path) -> None:
    """Both commands end with a status that CI sees."""
    broken = project / "knowledge_index" / "articles" / "broken.md"
    broken.write_text("---\nid: Broken\n---\nText.\n")
    assert "rejected" in (found := _run("check", "--today", "2026-12-01")).stdout
    assert found.exit_code == 1
    built = _run("build")
    assert built.exit_code == 3
    assert "REJECTED" in built.stderr
    assert "broken.md:2" in built.stderr


def test_the_difference_between_what_is_served_and_what_is_written_is_shown_before_publishing(project: Path) -> None:
    """For golden questions and for real ones; status 1 when an answer changes."""
    asked = project / "asked.jsonl"
    asked.write_text(json.dumps({"schema": "question/1", "text": "price of standard delivery"}) + "\n")
    same = _run("diff", "--asked", str(asked))
    assert (same.exit_code, same.stdout.startswith("3 golden and 1 real")) == (0, True), same.output
    _write(project, "delivery", "Standard delivery costs £35 for each order.")
    changed = _run("diff", "--asked", str(asked))
    assert changed.exit_code == knowledge_commands.FOUND_SOMETHING
    assert "other  how much is delivery" in changed.stdout
    assert "was right" in changed.stdout
    assert "+ delivery Standard delivery costs £35" in changed.stdout
    assert "other  price of standard delivery" in changed.stdout
    assert _run("build").exit_code == 0
    assert _run("diff", "--asked", "-").exit_code == 0


def test_gaps_are_counted_from_the_questions_that_nobody_answered(project: Path) -> None:
    """A question with an answer is none."""
    asked = project / "asked.jsonl"
    lines = [
        {"text": "do you gift wrap", "decision": "no_answer", "ending": "handed_off"},
        {"text": "is there gift wrapping", "decision": "unclear", "ending": "gave_up"},
        {"text": "how much is delivery", "decision": "answer", "ending": "done"},
    ]
    asked.write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = _run("gaps", "--asked", str(asked))
    assert found.exit_code == 0
    assert "2 of 3 questions had no answer, 1 groups." in found.stdout
    assert "1 handed off" in found.stdout
    asked.write_text("not json: somebody's words\n")
    refused = _run("gaps", "--asked", str(asked))
    assert refused.exit_code == 1
    assert "somebody" not in refused.output


def test_without_conversations_the_sentence_says_what_makes_some(project: Path) -> None:
    """Through the gateway's own export."""
    found = _run("gaps")
    assert found.exit_code == 1
    assert "make run" in found.output

"""What customers and articles say cannot break a command or command a terminal (X9, X11)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands import main as cli
from bot.commands.main import app
from bot.visitor import Event
from tests.unit.commands.test_knowledge import _write, project

__all__ = ["project"]

HOSTILE = "is my \x1b]0;owned\x07\x1b[2J van\u202e late\x9b2J [red]today[/] [/]\u2028or\x85not"


def _commands(text: str) -> list[str]:
    deceiving = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
    return [one for one in text if (ord(one) < 32 and one != "\n") or 127 <= ord(one) < 160 or one in deceiving]


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """An export with one answered and one unanswered question, and one that a trainer marked."""
    lines = [
        {"text": HOSTILE, "decision": "unclear", "ending": "handed_off", "at": "2026-11-20T10:00:00Z"},
        {"text": f"{HOSTILE} 2", "decision": "answer", "message_id": "m-1", "at": "2026-11-20T10:00:00Z"},
        {
            "text": f"{HOSTILE} 3",
            "decision": "act",
            "message_id": "m-2",
            "at": "2026-11-20T10:00:00Z",
            "ranking": [{"name": HOSTILE}],
            "mark": {"verdict": "wrong", "meant": HOSTILE},
        },
    ]
    path = tmp_path / "asked.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "command",
    [
        ("suggestions",),
        ("audit", "--promised", "0.05"),
        ("audit", "--promised", "0.05", "--json"),
        ("audit", "--turns", "all"),
        ("audit", "--turns", "wrong"),
        ("knowledge", "gaps"),
        ("knowledge", "diff"),
    ],
)
def test_a_customers_words_break_no_command_and_reach_no_terminal_raw(
    project: Path, asked: Path, command: tuple[str, ...]
) -> None:
    """Line separators end no line of the export; ESC, C1 and overrides are shown; `[red]` is text."""
    ran = CliRunner().invoke(app, [*command, "--asked", str(asked)])
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.output
    assert "JSON lines" not in ran.output
    assert ran.exit_code in (0, 1)
    assert "Stopped." not in ran.output
    assert _commands(ran.output) == []
    if command[0] == "suggestions" or command[-1] in ("all", "gaps"):
        assert "today" in ran.output
        assert "owned" in ran.output


@pytest.mark.parametrize(
    "command", [("search", "delivery van"), ("check", "--today", "2027-05-01"), ("diff",), ("build",)]
)
def test_an_articles_words_reach_no_terminal_raw(project: Path, command: tuple[str, ...]) -> None:
    """Also in a file's name, and in a field that is refused."""
    _write(project, "vans", f"The delivery van {HOSTILE} is late. [link](/nowhere\x1b[2J)")
    folder = project / "knowledge_index" / "articles"
    (folder / "bad\x1b[2J[red].csv").write_text("quest\x1b[2J[/]ion,answer\na,b\n")
    ran = CliRunner().invoke(app, ["knowledge", *command])
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.output
    assert _commands(ran.output) == []


def test_a_mark_that_is_refused_reaches_no_terminal_raw(project: Path) -> None:
    """The sentence repeats what was given."""
    ran = CliRunner().invoke(app, ["mark", "m-1", "wrong", "--meant", "[/]\x1b[2J"])
    assert ran.exit_code == 1
    assert _commands(ran.output) == []
    assert "[/]" in ran.output


async def test_the_shell_shows_an_answer_and_its_buttons_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    """An answer cites an article's words, and a note of an agent's may hold anything."""
    import asyncio

    heard: asyncio.Queue[Event] = asyncio.Queue()
    data = {"seq": 2, "author": "bot", "text": HOSTILE, "citation": {"title": HOSTILE, "url": HOSTILE}}
    heard.put_nowait(Event("state", {"owner": HOSTILE}))
    heard.put_nowait(Event("message", {**data, "choices": [{"title": HOSTILE, "token": "t"}]}))
    await cli._show_answers(heard, 1)
    shown = capsys.readouterr().out
    assert _commands(shown) == []
    assert shown.count("[red]today[/] [/]") == 5


def test_the_end_of_a_log_is_shown_as_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A library may have written anything, and a line ends at a line feed only."""
    log = tmp_path / "brain.log"
    log.write_text(f"first\n{HOSTILE}\nlast\n", encoding="utf-8")
    cli._show_end_of(log, 2)
    shown = capsys.readouterr().out
    assert _commands(shown) == []
    assert "first" not in shown
    assert "[red]today[/] [/]" in shown

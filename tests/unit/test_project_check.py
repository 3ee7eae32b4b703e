"""What is looked at before anything is built or started: setting files, tone and articles beside the rest."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.errors import WarmlineError
from bot.project_check import find_mistakes, refuse_mistakes
from bot.settings import Settings, load
from tests.brain.small_project import write_project

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The small project, with setting files."""
    write_project(tmp_path)
    (tmp_path / "channels.yml").write_text("website:\n  enabled: true\n")
    (tmp_path / "desk.yml").write_text("hours:\n  timezone: Europe/London\nskills:\n  repairs: [repair]\n")
    return load({"WARMLINE_ROOT": str(tmp_path)})


def _screen(settings: Settings) -> str:
    output = io.StringIO()
    with pytest.raises(WarmlineError, match=r"in the files above; nothing was built or started\."):
        refuse_mistakes(settings, Console(file=output, width=400, highlight=False))
    return output.getvalue()


def test_the_reference_assistant_has_neither_mistakes_nor_remarks() -> None:
    """Where a check cries wolf, nobody reads it."""
    found = find_mistakes(load({"WARMLINE_ROOT": str(ROOT)}))
    assert list(map(str, found.mistakes)) == []
    assert list(map(str, found.remarks)) == []


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "desk.yml",
            "hours:\n  timezone: Europe/Londn\n",
            "desk.yml:2: timezone takes a time zone like Europe/London.",
        ),
        ("desk.yml", "hours:\n  mondy: []\n", "desk.yml:2: hours has no setting 'mondy'. Did you mean monday?"),
        ("channels.yml", "website:\n  enabled: yes please\n", "channels.yml:2: enabled takes true or false."),
        ("channels.yml", "website:\n\tenabled: true\n", "channels.yml:2: this is not YAML"),
        ("data/tone/tone.yml", "tone:\n  angry:\n    - [no]\n", "data/tone/tone.yml:2: there is no label 'angry'."),
        ("data/safety/gas.yml", "danger: gas\nsigns: []\n", "data/safety/gas.yml:2: this is not a list"),
        ("data/tone/tone.yml", "tone: [\n", "data/tone/tone.yml:2: this is not YAML"),
        (
            "wording.yml",
            "en:\n  queue.nxt: x\n",
            "wording.yml:2: There is no sentence queue.nxt. Did you mean queue.next?",
        ),
        ("endpoints.yml", "action_endpoint: {url: x\n", "endpoints.yml:2: this is not YAML"),
    ],
)
def test_a_mistake_in_a_setting_file_is_on_the_screen(settings: Settings, name: str, text: str, told: str) -> None:
    """Kind 8: the process started again for ever, and the sentence stood in a log."""
    (settings.root / name).write_text(text)
    screen = _screen(settings)
    assert screen.count(told) == 1
    assert screen.startswith(f"✗ {told}")


def test_mistakes_in_all_kinds_of_files_are_on_the_screen_at_once(settings: Settings) -> None:
    """Kind 8: five mistakes in five files took five runs."""
    (settings.root / "desk.yml").write_text("hours:\n  mondy: []\n")
    (settings.root / "channels.yml").write_text("webseite: {}\n")
    (settings.root / "actions.py").write_text("def run(:\n")
    for name, old, new in (
        ("data/rules.yml", "action: action_fetch", "action: action_fetsh"),
        ("config.yml", "lead: 0.1", "leed: 0.1"),
    ):
        path = settings.root / name
        path.write_text(path.read_text().replace(old, new, 1))
    screen = _screen(settings)
    lines = (settings.root / "config.yml").read_text().splitlines()
    arbiter = next(number for number, line in enumerate(lines, 1) if "leed: 0.1" in line)
    mistakes = ("desk.yml:2: ", "channels.yml:1: ", "actions.py:1: ", "data/rules.yml:7: ", f"config.yml:{arbiter}: ")
    for place in mistakes:
        assert f"✗ {place}" in screen, screen


def test_all_mistakes_of_the_setting_files_are_on_the_screen_at_once(settings: Settings) -> None:
    """Kind 8: each file named its first mistake only, and seven mistakes took seven runs."""
    (settings.root / "channels.yml").write_text(
        "website:\n  enabled: yes please\n  allowed_origins: [shop.example.com, 'https://ok.example', x]\n"
        "  limits:\n    visitor:\n      mesages: 5\nconnections:\n  per_address: many\n  at_once: 20\n"
        "  idle_seconds: 0\nwebsite: {}\n"
    )
    (settings.root / "desk.yml").write_text(
        "hours:\n  timezone: Europe/Londn\n  monday: ['8-20']\nholidays:\n  country: XX\n  part: ENG\n"
        "skills:\n  Repairs!: [repair]\nlimits:\n  tickets_per_visitor: 5\n  tickets_per_address: 2\nouside: {}\n"
    )
    told = [line.removeprefix("✗ ") for line in _screen(settings).splitlines() if line.startswith("✗ ")]
    places = [line.split(": ")[0] for line in told]
    channels = [2, 3, 3, 6, 8, 10, 11]
    desk = [2, 3, 5, 8, 11, 12]
    assert places == [f"channels.yml:{line}" for line in channels] + [f"desk.yml:{line}" for line in desk]
    assert "Did you mean messages?" in told[3]
    assert "Did you mean outside?" in told[-1]


def test_remarks_stop_nothing(settings: Settings) -> None:
    """A skill for a wish that is gone, an article that cannot be read."""
    (settings.root / "desk.yml").write_text("skills:\n  repairs: [repairs]\n")
    article = settings.articles / "delivery.md"
    article.write_text(article.read_text().replace("updated: 2026-01-05", "updated: soon"))
    output = io.StringIO()
    refuse_mistakes(settings, Console(file=output, width=400, highlight=False))
    screen = output.getvalue()
    assert (
        "! desk.yml:2: the skill repairs is for repairs, but the domain has no such intent. Did you mean repair?"
        in screen
    )
    assert "! knowledge_index/articles/delivery.md:6: " in screen
    assert "no mistakes" in screen


def test_markup_in_a_file_is_shown_as_it_is(settings: Settings) -> None:
    """A name in square brackets is no colour of the terminal's."""
    path = settings.root / "data" / "rules.yml"
    path.write_text(path.read_text().replace("rule: person", 'rule: "[red]person[/red]"').replace("_fetch", "_fetsh"))
    assert "rule “[red]person[/red]” uses the unknown action action_fetsh" in _screen(settings)

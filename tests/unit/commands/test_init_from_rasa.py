"""`warmline init --from-rasa` brings a project along, says what became of it, and refuses what is none."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from bot.commands.main import app
from bot.project_check import find_mistakes
from bot.settings import load

COMPANIES = Path(__file__).resolve().parents[2] / "companies"


def _init(folder: Path, project: Path) -> Result:
    given = {"name": "Lighthouse", "language": "en", "timezone": "Europe/Madrid", "country": "ES"}
    options = [f"--{key}={value}" for key, value in given.items()]
    return CliRunner().invoke(app, ["init", str(folder), *options, f"--from-rasa={project}"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The restaurant's project in a folder of its own, and what was printed."""
    folder = tmp_path_factory.mktemp("made") / "company"
    return folder, _init(folder, COMPANIES / "restaurant")


def test_a_project_without_a_fault_comes_over_without_a_mistake(made: tuple[Path, Result]) -> None:
    """It could be trained at once."""
    folder, result = made
    assert result.exit_code == 0, result.output
    assert find_mistakes(load({"WARMLINE_ROOT": str(folder)})).mistakes == []


def test_every_note_stands_on_the_screen_and_in_a_file(made: tuple[Path, Result]) -> None:
    """With file and line of the original, what is to be done last."""
    folder, result = made
    kept = (folder / "from-rasa.md").read_text(encoding="utf-8")
    for place in ("domain/slots.yml:3", "data/rules/talk.yml:4", "config.yml:10", "data/stories/evening.yml:25"):
        assert f"  {place}: " in result.output
        assert f"- `{place}` " in kept
    order = [result.output.index(heading) for heading in ("Taken as it is", "Changed", "Left out")]
    assert order == sorted(order)


def test_the_example_of_a_new_company_does_not_come_along(made: tuple[Path, Result]) -> None:
    """Its form, its intents, its articles and its skill would be nobody's."""
    folder, _ = made
    everything = "".join(
        path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".yml", ".py", ".md")
    )
    assert "request_quote" not in everything
    assert "What it costs" not in everything
    assert yaml.safe_load((folder / "desk.yml").read_text(encoding="utf-8"))["skills"] == {}
    assert not list((folder / "knowledge_index" / "articles").glob("*.md"))


def test_what_is_no_project_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """Exit status 2, a sentence, and no folder."""
    (tmp_path / "nothing").mkdir()
    for project in (tmp_path / "nothing", tmp_path / "nowhere"):
        result = _init(tmp_path / "company", project)
        assert result.exit_code == 2
        assert "Nothing was written." in result.output
        assert not (tmp_path / "company").exists()


def test_what_a_project_calls_itself_commands_no_terminal(tmp_path: Path) -> None:
    """Names come from a stranger's files."""
    project = tmp_path / "project"
    project.mkdir()
    text = 'nlu:\n- intent: "a\\e[2Jb[red]"\n  examples: |\n    - one\n    - two\n'
    (project / "nlu.yml").write_text(text, encoding="utf-8")
    result = _init(tmp_path / "company", project)
    assert result.exit_code == 0, result.output
    assert "\x1b[2J" not in result.output
    assert "[red]" in result.output


@pytest.mark.parametrize("there", [False, True])
def test_an_import_that_breaks_off_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    """What is half a company would be taken for one; a folder that was there and empty is so again."""
    folder = tmp_path / "company"
    if there:
        folder.mkdir()

    def full(*_: object) -> None:
        (folder / "domain").mkdir()
        raise OSError("No space left on device")

    monkeypatch.setattr("bot.commands.init.import_project", full)
    result = _init(folder, COMPANIES / "restaurant")
    assert result.exit_code == 2
    assert "Nothing was written. No space left on device" in result.output
    assert folder.exists() is there
    assert not there or list(folder.iterdir()) == []

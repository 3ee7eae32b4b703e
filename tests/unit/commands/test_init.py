"""`warmline init` begins a company without a mistake, or says in a sentence why it cannot and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from bot.commands.main import app
from bot.project_check import find_mistakes
from bot.settings import load
from bot.wording.files import load_catalogue

ROOT = Path(__file__).parents[3]


def _init(folder: Path, **options: str) -> Result:
    given = {"name": "Maple & Pine", "language": "en", "timezone": "America/Toronto", "country": "CA", **options}
    return CliRunner().invoke(app, ["init", str(folder), *[f"--{key}={value}" for key, value in given.items()]])


@pytest.mark.parametrize(
    ("name", "zone", "country"),
    [
        ("Maple & Pine", "America/Toronto", "CA"),
        ("O'Brien's Gardens", "Europe/Dublin", "IE"),
        ("Ünal: Dach und Fach", "Europe/Berlin", "DE"),
        ("Sunrise, Inc.", "America/Los_Angeles", "US"),
        ("日本の庭", "Asia/Tokyo", "JP"),
        ("No.", "Europe/Oslo", "NO"),  # which YAML reads as a no
        ("- Tuvalu -", "Pacific/Funafuti", "TV"),
    ],
)
def test_a_company_that_was_just_begun_has_no_mistake(tmp_path: Path, name: str, zone: str, country: str) -> None:
    """Whatever it is called and wherever it is."""
    folder = tmp_path / "company"
    result = _init(folder, name=name, timezone=zone, country=country)
    assert result.exit_code == 0, result.output
    found = find_mistakes(load({"WARMLINE_ROOT": str(folder)}))
    assert found.mistakes == []
    assert found.remarks == []
    load_catalogue(folder)


def test_what_is_particular_stands_in_its_files(tmp_path: Path) -> None:
    """Its name, its zone, its country, its way to write a date, its money."""
    folder = tmp_path / "company"
    _init(folder)
    entities = next(
        entry
        for entry in yaml.safe_load((folder / "config.yml").read_text("utf-8"))["pipeline"]
        if entry["name"].endswith("WarmlineEntities")
    )
    assert (entities["timezone"], entities["country"]) == ("America/Toronto", "CA")
    domain = (folder / "domain.yml").read_text("utf-8")
    assert "I'm Maple & Pine's automated assistant" in domain
    assert "March 24" in domain
    assert "Maple &amp; Pine" in (folder / "page" / "index.html").read_text("utf-8")
    assert "costs $60" in (folder / "knowledge_index" / "articles" / "prices-and-payment.md").read_text("utf-8")
    desk = yaml.safe_load((folder / "desk.yml").read_text("utf-8"))
    assert (desk["hours"]["timezone"], desk["holidays"]["country"]) == ("America/Toronto", "CA")
    assert not [path for path in folder.rglob("*") if path.is_file() and "@@" in path.read_text("utf-8")]


def test_it_is_small_and_keeps_what_is_made_out_of_its_repository(tmp_path: Path) -> None:
    """Five intents, two articles, no asked questions; one action and one form."""
    folder = tmp_path / "company"
    _init(folder)
    domain = yaml.safe_load((folder / "domain.yml").read_text("utf-8"))
    assert len(domain["intents"]) == 5
    assert list(domain["forms"]) == ["request_quote_form"]
    assert len(list((folder / "knowledge_index" / "articles").iterdir())) == 2
    assert not (folder / "knowledge_index" / "questions").exists()
    ignored = (folder / ".gitignore").read_text("utf-8").split()
    assert {"models/", "var/", "knowledge_index/built/", "build/"} <= set(ignored)


def test_nothing_of_the_reference_assistant_comes_along(tmp_path: Path) -> None:
    """Its name, its shop, its order numbers."""
    folder = tmp_path / "company"
    _init(folder)
    for path in folder.rglob("*"):
        if path.is_file():
            text = path.read_text("utf-8").casefold()
            assert not [word for word in ("larkfield", "lf-", "track_order", "kerbside") if word in text], path


def test_the_danger_words_are_those_that_warmline_was_measured_with(tmp_path: Path) -> None:
    """The reference assistant's are copies of the same files; whoever changes one changes both."""
    folder = tmp_path / "company"
    _init(folder)
    ours = {path.name: path.read_bytes() for path in (ROOT / "data" / "safety").iterdir()}
    assert {path.name: path.read_bytes() for path in (folder / "data" / "safety").iterdir()} == ours


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"timezone": "America/Tronto"}, "'America/Tronto' is no time zone"),
        ({"country": "UK"}, "'UK' is no country"),
        ({"country": "ca"}, "'ca' is no country"),
        ({"language": "xx"}, "cannot speak 'xx' yet: choose one of en"),
        ({"name": 'Say "hi"'}, "cannot hold '\"'"),
        ({"name": "{slot}"}, "cannot hold '{'"),
        ({"name": " "}, "has 1 to 60 characters"),
    ],
)
def test_an_answer_that_cannot_be_is_told_and_nothing_is_written(
    tmp_path: Path, options: dict[str, str], says: str
) -> None:
    """With the exit status 2."""
    folder = tmp_path / "company"
    result = _init(folder, **options)
    assert result.exit_code == 2
    assert "Nothing was written." in result.output
    assert says in result.output
    assert not folder.exists()


def test_a_folder_that_is_not_empty_stays_as_it_is(tmp_path: Path) -> None:
    """Nobody's work is written over."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    result = _init(tmp_path)
    assert result.exit_code == 2
    assert "not empty" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_among_warmlines_own_files_is_refused() -> None:
    """An upgrade would meet it."""
    folder = ROOT / "build" / "never-made"
    result = _init(folder)
    assert result.exit_code == 2
    assert not folder.exists()


def test_without_somebody_to_ask_a_missing_answer_is_named(tmp_path: Path) -> None:
    """In a script nobody answers."""
    result = CliRunner().invoke(app, ["init", str(tmp_path / "company"), "--name=Ours"])
    assert result.exit_code == 2
    assert "--language is missing" in result.output


@pytest.mark.parametrize("command", ["build", "check", "run", "shell", "test"])
def test_a_folder_that_is_no_companys_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """With the exit status 2, and nothing is written there."""
    monkeypatch.setenv("WARMLINE_ROOT", str(tmp_path))
    result = CliRunner().invoke(app, [command])
    assert result.exit_code == 2
    assert "is no company's folder" in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_company_that_does_without_the_core_is_told_what_it_lacks(tmp_path: Path) -> None:
    """All at once, before anything is trained, and not by tickets."""
    folder = tmp_path / "company"
    _init(folder)
    config = folder / "config.yml"
    without = [line for line in config.read_text("utf-8").split("\n") if "core: true" not in line]
    config.write_text("\n".join(without), encoding="utf-8")
    found = find_mistakes(load({"WARMLINE_ROOT": str(folder)}))
    assert any("the domain lacks what every assistant has: 2" in str(remark) for remark in found.remarks)
    assert any("no rule answers the intent danger" in str(mistake) for mistake in found.mistakes)


def test_a_language_in_which_warmline_brings_nothing_is_named(tmp_path: Path) -> None:
    """English greetings would be learnt as if they were German."""
    folder = tmp_path / "company"
    _init(folder)
    config = folder / "config.yml"
    config.write_text(config.read_text("utf-8").replace("language: en", "language: de"), encoding="utf-8")
    found = find_mistakes(load({"WARMLINE_ROOT": str(folder)}))
    (mistake,) = map(str, found.mistakes)
    assert "config.yml:4: Warmline brings nothing in de" in mistake

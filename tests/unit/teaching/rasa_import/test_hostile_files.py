"""Files that lead out of the project, fill the memory or cannot be read: a sentence each, and the rest is imported."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import WarmlineError
from bot.teaching.rasa_import import files
from bot.teaching.rasa_import.project import import_project
from bot.teaching.rasa_import.report import Outcome
from tests.unit.teaching.rasa_import.conftest import Imported

Bring = Callable[[dict[str, str | bytes]], Imported]

GOOD = "nlu:\n- intent: ask_hours\n  examples: |\n    - when are you open\n    - opening hours\n"
DOMAIN = "intents: [ask_hours]\n"


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path, written: Bring) -> None:
    """Neither a file nor a folder."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "private.yml").write_text("nlu: [{intent: private, examples: '- a secret'}]", encoding="utf-8")
    (tmp_path / "project" / "data").mkdir(parents=True)
    (tmp_path / "project" / "data" / "file.yml").symlink_to(outside / "private.yml")
    (tmp_path / "project" / "data" / "folder").symlink_to(outside)
    (tmp_path / "project" / "actions").mkdir()
    (tmp_path / "project" / "actions" / "taken.py").symlink_to(outside / "private.yml")
    imported = written({"domain.yml": DOMAIN, "data/nlu.yml": GOOD})
    for name in ("data/file.yml", "data/folder", "actions/taken.py"):
        assert imported.said(Outcome.LEFT_OUT, f"{name}: this link leads out of the project")
    assert not any("secret" in path.read_text(encoding="utf-8") for path in imported.folder.rglob("*.*"))


def test_a_link_within_the_project_does_not_bring_a_file_twice_or_go_round_in_circles(
    tmp_path: Path, written: Bring
) -> None:
    """A folder is read where it stands."""
    (tmp_path / "project" / "data").mkdir(parents=True)
    (tmp_path / "project" / "data" / "again").symlink_to(tmp_path / "project" / "data")
    imported = written({"domain.yml": DOMAIN, "data/nlu.yml": GOOD})
    assert imported.said(Outcome.LEFT_OUT, "data/again: this is a link to a folder of the project")
    assert len(list((imported.folder / "data").rglob("*.yml"))) == 1


def test_what_is_no_ordinary_file_is_not_opened(tmp_path: Path, written: Bring) -> None:
    """Reading a pipe would wait for ever."""
    (tmp_path / "project").mkdir()
    os.mkfifo(tmp_path / "project" / "pipe.yml")
    assert written({"data/nlu.yml": GOOD}).said(Outcome.LEFT_OUT, "pipe.yml: this is no ordinary file")


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch, written: Bring) -> None:
    """And it is said what to do with it."""
    monkeypatch.setattr(files, "LARGEST_FILE", 1_000)
    imported = written({"data/nlu.yml": GOOD, "data/large.yml": GOOD * 100})
    assert imported.said(Outcome.TO_DO, "data/large.yml:", "was not read", "Split it")
    assert not (imported.folder / "data" / "large.yml").exists()


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(BOMB + GOOD, "stands for more than 1,000,000 values", id="aliases of aliases"),
        pytest.param("nlu: &n [*n]\n", "holds itself", id="an alias of itself"),
        pytest.param("nlu: [!!python/object:os.system {}]\n", "a tag of another program", id="a Python object"),
        pytest.param("nlu: [!secret x]\n", "a tag of another program", id="a tag"),
        pytest.param("nlu: [\n", "this is not YAML", id="broken"),
        pytest.param("", "the file is empty", id="empty"),
        pytest.param(b"nlu:\n- intent: caf\xe9\n", "not UTF-8", id="another encoding"),
        pytest.param("nlu:\n- intent: a\n<<<<<<< HEAD\n", "conflict", id="a conflict"),
        pytest.param("nlu: " + "[" * 3_000, "", id="nested deeply"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_and_the_others_come(
    written: Bring, content: str | bytes, told: str
) -> None:
    """Nothing is built of it."""
    imported = written({"domain.yml": DOMAIN, "data/nlu.yml": GOOD, "data/bad.yml": content})
    assert imported.said(Outcome.TO_DO, "data/bad.yml", told, "The file was not taken.")
    assert (imported.folder / "data" / "nlu.yml").exists()
    assert not (imported.folder / "data" / "bad.yml").exists()


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(written: Bring) -> None:
    """The lines stay as they end."""
    content = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    imported = written({"domain.yml": DOMAIN, "data/nlu.yml": content})
    made = (imported.folder / "data" / "nlu.yml").read_bytes()
    assert b'- intent: ask_hours\r\n  metadata: {title: "Hours"}\r\n  examples: |\r\n' in made


def test_a_folder_without_a_project_is_refused(tmp_path: Path, folder: Path) -> None:
    """Nothing is written."""
    (tmp_path / "empty").mkdir()
    for project, told in ((tmp_path / "empty", "no Rasa project"), (tmp_path / "nowhere", "is no folder")):
        with pytest.raises(WarmlineError, match=told):
            import_project(project, folder)
    assert [path.name for path in folder.iterdir()] == ["domain.yml"]


def test_one_folder_in_the_other_is_refused(folder: Path) -> None:
    """The original would be changed."""
    (folder / "data").mkdir()
    (folder / "data" / "nlu.yml").write_text(GOOD, encoding="utf-8")
    for project, target in ((folder, folder), (folder, folder / "data"), (folder / "data", folder)):
        with pytest.raises(WarmlineError, match="lie in one another"):
            import_project(project, target)


def test_what_looks_like_a_secret_beside_the_actions_is_not_copied(written: Bring) -> None:
    """It is said, without a word of what is in it."""
    imported = written({"data/nlu.yml": GOOD, "actions/a.py": "", "actions/service_credentials.json": '{"key": "xyz"}'})
    assert imported.said(Outcome.LEFT_OUT, "actions/service_credentials.json: this looks like a secret")
    assert not (imported.folder / "actions" / "service_credentials.json").exists()

"""What building promises: only when something changed, whole or not at all, a sentence for each mistake."""

from __future__ import annotations

import json

import pytest

from bot.knowledge.index import build


@pytest.fixture
def run(write, built_encoder_folder, tmp_path):
    write("a.md")

    def run() -> int:
        return build.main(
            [
                *("--articles", str(tmp_path / "articles"), "--target", str(tmp_path / "built")),
                *("--encoder", str(built_encoder_folder), "--cache", str(tmp_path / "cache")),
            ]
        )

    return run


def _content(root):
    """The current version's content."""
    built = root / "built"
    return built / "versions" / json.loads((built / "manifest.json").read_text())["version"] / "content.json"


def test_an_index_is_built_once_and_again_after_a_change(run, write, capsys):
    assert run() == 0
    assert "1 articles (0 internal), 2 passages" in capsys.readouterr().out
    assert run() == 0
    assert "up to date (1 articles)" in capsys.readouterr().out
    write("a.md", title="Opening hours of the stores")
    assert run() == 0
    assert "2 passages" in capsys.readouterr().out


def test_a_broken_article_is_named_and_the_others_are_built(run, write, tmp_path, capsys):
    assert run() == 0
    write("a.md", title="Opening hours of the stores")
    write("b.md", id="B")
    assert run() == build.SOME_REJECTED
    said = capsys.readouterr()
    assert "b.md:2: `id`: 'B' is not allowed" in said.err
    assert "1 articles (0 internal), 2 passages" in said.out.splitlines()[-1]
    assert "Opening hours of the stores" in _content(tmp_path).read_text()
    assert run() == build.SOME_REJECTED  # and each time, until somebody mends it
    assert "b.md:2" in capsys.readouterr().err


def test_where_no_article_can_be_read_the_index_that_was_there_stays(run, write, tmp_path, capsys):
    assert run() == 0
    before = _content(tmp_path).read_bytes()
    write("a.md", id="A")
    assert run() == 1
    assert "a.md:2: `id`: 'A' is not allowed" in capsys.readouterr().err
    assert _content(tmp_path).read_bytes() == before


def test_a_damaged_index_is_built_again(run, tmp_path, capsys):
    assert run() == 0
    _content(tmp_path).write_bytes(b"")
    assert run() == 0
    assert "2 passages" in capsys.readouterr().out.splitlines()[-1]


def test_without_an_encoder_the_command_that_mends_it_is_said(write, tmp_path, capsys):
    folder = write("a.md").parent
    arguments = ["--articles", str(folder), "--target", str(tmp_path / "built"), "--encoder", str(tmp_path / "none")]
    assert build.main(arguments) == 1
    assert "make train" in capsys.readouterr().err

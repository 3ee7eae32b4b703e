"""What hostile and broken files do: they are rejected by name with the reason, in bounded memory, and nothing else."""

from __future__ import annotations

import json
import os
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ContentError
from bot.knowledge.sources.articles import read_folder
from bot.knowledge.sources.readers import isolation, worker
from bot.knowledge.sources.readers.docx import read_docx
from bot.knowledge.sources.readers.files import bytes_of
from bot.knowledge.sources.readers.isolation import IsolatedReader
from bot.knowledge.sources.readers.pdf import read_pdf
from tests.unit.knowledge.documents import FIELDS, column, docx, paragraph, pdf, put

GOOD = f"---\nid: good\n{FIELDS}---\nAll stores open at 9am.\n"
SECRET = "the-secret-of-another-folder"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good article."""
    put(tmp_path / "articles", "good.md", GOOD, None)
    return tmp_path / "articles"


def rejected(folder: Path, name: str) -> str:
    """Read the folder; the good article must be there, the bad file's name in the one reason, which is returned."""
    reading = read_folder(folder)
    assert [article.id for article in reading.articles] == ["good"]
    (error,) = reading.rejected
    assert error.place.path.name == name
    return str(error)


def _sparse(path: Path, size: int, start: bytes = b"%PDF-1.7\n") -> None:
    with path.open("wb") as file:
        file.write(start)
        file.truncate(size)


def test_a_pdf_of_200_megabytes_is_not_even_read(folder):
    path = put(folder, "huge.pdf", b"")
    _sparse(path, 200 * 1024 * 1024)
    assert "it has 209,715,200 bytes, 52,428,800 at most" in rejected(folder, "huge.pdf")


def test_a_file_that_grows_while_it_is_read_is_cut_off(tmp_path, monkeypatch):
    path = put(tmp_path, "growing.md", b"x" * 100, None)
    real = os.fstat

    def small(number: int) -> os.stat_result:
        return os.stat_result([*real(number)[:6], 5, *real(number)[7:]])

    monkeypatch.setattr(os, "fstat", small)
    with pytest.raises(ContentError, match="11 bytes, 10 at most"):
        bytes_of(path, 10)


def test_an_encrypted_pdf_is_rejected(folder):
    put(folder, "locked.pdf", pdf([column("Text.")], password="x"))
    assert "it is encrypted" in rejected(folder, "locked.pdf")


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7\n", b"no PDF at all", pdf([column("Text.")])[:300], b"%PDF-1.7\nstartxref\n9\n%%EOF"],
)
def test_a_damaged_pdf_is_rejected(folder, content):
    put(folder, "broken.pdf", content)
    assert "it is damaged" in rejected(folder, "broken.pdf")


def test_a_pdf_of_pictures_is_rejected(folder):
    put(folder, "scan.pdf", pdf([[]]))
    assert "there is no text in it" in rejected(folder, "scan.pdf")


def test_a_zip_bomb_is_not_unpacked(folder):
    bomb = docx(paragraph("x"), others={"word/media/bomb.bin": b"\0" * (70 * 1024 * 1024)})
    assert len(bomb) < 100_000
    put(folder, "bomb.docx", bomb)
    assert "unpacked it would take" in rejected(folder, "bomb.docx")


def test_a_zip_bomb_that_lies_about_its_size_is_not_unpacked_beyond_what_it_declares(folder):
    honest = docx("<w:p/>" * 2_000_000)
    real = next(
        part.file_size for part in zipfile.ZipFile(BytesIO(honest)).infolist() if part.filename.endswith("ment.xml")
    )
    lying = honest.replace(real.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != honest
    put(folder, "liar.docx", lying)
    assert "it cannot be read (BadZipFile)" in rejected(folder, "liar.docx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "iso-8859-1"])
@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "[Content_Types].xml", "word/evil.bin"])
def test_entities_that_multiply_are_not_written_out(folder, encoding, part):
    """In whatever encoding a part is, and whichever part it is (X19)."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9))
    harmless = zipfile.ZipFile(BytesIO(docx(paragraph("x"))))
    parts = {part: harmless.read(part) for part in harmless.namelist()}
    known = parts.get(part, parts["word/document.xml"]).decode().split("?>", 1)[-1]
    named = "utf-16" if encoding.startswith("utf-16") else encoding.removesuffix("-sig")
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    hostile = (
        f"{mark}<?xml version='1.0' encoding='{named}'?>\n<!-- {'a' * 200_000} --><!DOCTYPE w [{entities}]>{known}"
    )
    parts[part] = hostile.replace("<w:t>x", "<w:t>&e8;").encode(encoding)
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    put(folder, "laughs.docx", written.getvalue())
    assert "it defines words of its own" in rejected(folder, "laughs.docx")


@pytest.mark.parametrize("name", ["../../escaped.xml", "/etc/escaped.xml", "..\\escaped.xml"])
def test_a_part_that_leads_out_of_a_document_is_rejected(folder, name):
    put(folder, "out.docx", docx(paragraph("x"), others={name: b"x"}))
    assert "leads out of it" in rejected(folder, "out.docx")
    assert not list(folder.parent.rglob("escaped.xml"))


def test_a_picture_that_names_a_file_outside_is_not_opened(folder, tmp_path):
    (tmp_path / "secret.png").write_text(SECRET)
    picture = (
        '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:link="p1"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    relation = (
        '<Relationship Id="p1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        f'Target="file://{tmp_path}/secret.png" TargetMode="External"/>'
    )
    put(folder, "picture.docx", docx(paragraph("Before."), picture, relations=relation))
    assert SECRET not in str(read_folder(folder))


@pytest.mark.parametrize("content", [b"", b"PK\3\4 and nothing", b"no archive", docx(paragraph("x"))[:500]])
def test_a_damaged_word_document_is_rejected(folder, content):
    put(folder, "broken.docx", content)
    assert "it is damaged" in rejected(folder, "broken.docx")


def test_an_encrypted_word_document_is_rejected(folder):
    put(folder, "locked.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    assert "it is encrypted" in rejected(folder, "locked.docx")


@pytest.mark.parametrize("name", ["link.md", "link.html", "link.pdf", "link.csv"])
def test_a_symbolic_link_is_not_followed(folder, tmp_path, name):
    (tmp_path / "secret").write_text(GOOD.replace("good", SECRET))
    put(folder, name, b"").unlink()
    (folder / name).symlink_to("../secret")
    said = rejected(folder, name)
    assert "symbolic link" in said


def test_a_folder_behind_a_symbolic_link_is_not_entered(folder, tmp_path):
    put(tmp_path / "other", "secret.md", GOOD.replace("good", SECRET), None)
    (folder / "inner").symlink_to(tmp_path / "other")
    (folder / "loop").symlink_to(folder)
    reading = read_folder(folder)
    assert [article.id for article in reading.articles] == ["good"]


def test_a_sidecar_behind_a_symbolic_link_is_not_read(folder, tmp_path):
    (tmp_path / "secret").write_text(f"title: {SECRET}\n")
    put(folder, "page.html", "<p>Text.</p>", None)
    (folder / "page.html.yml").symlink_to(tmp_path / "secret")
    assert "symbolic link" in rejected(folder, "page.html.yml")


def test_a_pipe_is_no_article_and_keeps_nobody_waiting(folder):
    os.mkfifo(folder / "pipe.md")
    assert "it is not a file" in rejected(folder, "pipe.md")


@pytest.mark.parametrize("name", ["million.md", "million.html", "million.docx", "million.csv"])
def test_an_article_of_a_million_words_is_rejected(folder, name):
    words = "word " * 1_000_000
    put(
        folder,
        name,
        {
            "million.md": f"---\n{FIELDS}---\n{words}",
            "million.html": f"<p>{words[: 2 * 1024 * 1024 - 100]}</p>",
            "million.docx": docx(paragraph(words)),
            "million.csv": f"question,answer\nWhat?,{words}\n",
        }[name],
        None if name.endswith(".md") else FIELDS,
    )
    assert re.search("at most|larger than field limit", rejected(folder, name))


def test_elements_nested_five_thousand_deep_are_rejected(folder):
    put(folder, "deep.html", "<div>" * 5_000 + "x")
    assert "nested too deeply" in rejected(folder, "deep.html")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_a_file_in_another_encoding_is_rejected(folder, encoding):
    text = "<p>Für 20 € gibt es in Köln Käse, naïve Gäste und ein Café für später.</p>"
    put(folder, "page.html", text.encode(encoding))
    assert "it is not UTF-8" in rejected(folder, "page.html")


def test_wrong_fields_beside_a_file_are_named_with_their_line(folder):
    put(folder, "page.html", "<p>Text.</p>", FIELDS.replace("[public]", "[public, internal]"))
    assert "page.html.yml:2: `audience`: an article cannot be public and internal" in rejected(folder, "page.html.yml")


def test_two_files_with_one_id_are_named_and_neither_is_read(folder):
    put(folder, "page.html", "<p>One.</p>", f"id: same\n{FIELDS}")
    put(folder, "page.md", f"---\nid: same\n{FIELDS}---\nTwo.\n", None)
    assert "page.html has the id 'same' too" in rejected(folder, "page.md")


def test_what_breaks_the_reading_process_breaks_nothing_else(folder, monkeypatch):
    put(folder, "endless.pdf", pdf([column("Text.")]))
    put(folder, "z.html", "<p>Read after it.</p>")
    monkeypatch.setattr(isolation, "_COMMAND", ("-c", _SPINS_ON_PDF), raising=True)
    monkeypatch.setattr(isolation, "_PATIENCE", 8.0)
    reading = read_folder(folder)
    assert [article.id for article in reading.articles] == ["good", "z"]
    (error,) = reading.rejected
    assert "endless.pdf: reading it takes too long or too much memory" in str(error)


_SPINS_ON_PDF = """
from bot.knowledge.sources.readers import worker
def spin(path):
    while True: pass
worker.READERS = {**worker.READERS, "pdf": spin}
worker.main()
"""

_EATS_MEMORY = """
from bot.knowledge.sources.readers import worker
worker.MOST_MEMORY = 256 * 1024 * 1024
def eat(path):
    return b"x" * (1 << 30)
worker.READERS = {**worker.READERS, "pdf": eat}
worker.main()
"""


def test_a_file_that_takes_too_much_memory_is_rejected(folder, monkeypatch):
    put(folder, "hungry.pdf", pdf([column("Text.")]))
    monkeypatch.setattr(isolation, "_COMMAND", ("-c", _EATS_MEMORY), raising=True)
    assert "too much memory" in rejected(folder, "hungry.pdf")


_SPENDS_A_SECOND = _SPINS_ON_PDF.replace("worker.main()", "worker.MOST_SECONDS = 1\nworker.main()")


def test_a_file_that_takes_too_much_computing_time_is_rejected(folder, monkeypatch):
    put(folder, "slow.pdf", pdf([column("Text.")]))
    monkeypatch.setattr(isolation, "_COMMAND", ("-c", _SPENDS_A_SECOND), raising=True)
    assert "takes too long" in rejected(folder, "slow.pdf")


def test_the_reading_process_knows_no_secret(monkeypatch, tmp_path):
    monkeypatch.setenv("WARMLINE_BRAIN_SECRET", SECRET)
    tell = """import json, os, sys
for line in sys.stdin: print(json.dumps({'error': [0, str(dict(os.environ)), '']}), flush=True)
"""
    monkeypatch.setattr(isolation, "_COMMAND", ("-c", tell), raising=True)
    with IsolatedReader() as reader, pytest.raises(ContentError) as caught:
        reader.read(tmp_path / "a.pdf", "pdf")
    assert "PYTHONUTF8" in str(caught.value)
    assert SECRET not in str(caught.value)


@settings(max_examples=40)
@given(st.data())
def test_whatever_a_damaged_file_holds_it_is_read_or_rejected(tmp_path_factory, data):
    """Bytes changed, cut out and doubled at random: no other error, and no text with control characters."""
    whole, read = data.draw(
        st.sampled_from(
            [
                (pdf([column("# Hours", "", "All stores open at 9am.")], title="Hours"), "pdf"),
                (docx(paragraph("Hours", "Title"), paragraph("All stores open at 9am.")), "docx"),
                (b"<main><h1>Hours</h1><p>All <b>stores</b> open at 9am.</p><ul><li>x</ul></main>", "html"),
            ]
        )
    )
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        change = data.draw(st.sampled_from(["change", "cut", "double"]))
        if change == "change":
            content[place] = data.draw(st.integers(0, 255))
        elif change == "cut":
            del content[place : place + data.draw(st.integers(1, 40))]
            content = content or bytearray(b"x")
        else:
            content[place:place] = content[place : place + 40]
    path = tmp_path_factory.getbasetemp() / f"damaged.{read}"
    path.write_bytes(bytes(content))
    answer = worker._read({"path": str(path), "format": read})
    assert ("error" in answer) != ("body" in answer)
    json.dumps(answer)


def test_readers_alone_say_what_is_wrong_too(tmp_path):
    for name, read in (("a.pdf", read_pdf), ("a.docx", read_docx)):
        with pytest.raises(ContentError, match="damaged"):
            read(put(tmp_path, name, b"nothing", None))

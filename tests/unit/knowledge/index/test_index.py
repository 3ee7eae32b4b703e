"""What the index promises: the fitting passage first, nothing for other audiences, whole or refused."""

from __future__ import annotations

import json

import pytest

from bot.errors import ArtefactError
from bot.knowledge.index.index import KnowledgeIndex, fingerprint_of


@pytest.fixture
def index(shelf, encoder):
    return KnowledgeIndex.build(shelf, encoder)


def search(index, encoder, text, *audiences, **more):
    return index.search(encoder.encode([text])[0], text, audiences or ("public",), **more)


def test_the_passage_that_shares_the_question_s_words_comes_first(index, encoder):
    hits = search(index, encoder, "stores closed on christmas day")
    assert (hits[0].passage.article, hits[0].passage.heading) == ("store-hours", "Bank holidays")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_internal_passages_are_never_found_for_the_public(index, encoder):
    text = "Refunds over £200 need the approval of a team leader."
    assert {hit.passage.article for hit in search(index, encoder, text, "public", k=50)} == {
        "store-hours",
        "not-draining",
    }
    assert search(index, encoder, text, "internal")[0].passage.article == "refund-limits"
    assert search(index, encoder, text, "public", "internal")[0].passage.article == "refund-limits"


def test_internal_passages_do_not_crowd_out_public_ones(write, encoder):
    for number in range(60):
        body = "When do the stores open on Sunday? " * 5
        folder = write(f"i{number}.md", body, id=f"internal-{number}", audience="[internal]").parent
    write("public.md", "The stores open at nine.")
    from bot.knowledge.sources.articles import load_articles

    index = KnowledgeIndex.build(load_articles(folder), encoder)
    assert [hit.passage.article for hit in search(index, encoder, "when do the stores open on sunday", k=1)] == [
        "store-hours"
    ]


def test_nobody_and_unknown_audiences_find_nothing(index, encoder):
    assert index.search(encoder.encode(["stores"])[0], "stores", (), k=5) == ()
    assert search(index, encoder, "stores", "partners") == ()


def test_no_more_than_k_passages_are_found(index, encoder):
    assert len(search(index, encoder, "the stores", k=2)) == 2
    assert search(index, encoder, "the stores", k=0) == ()


def test_an_index_of_nothing_finds_nothing(encoder, tmp_path):
    KnowledgeIndex.build((), encoder).save(tmp_path / "built")
    index = KnowledgeIndex.load(tmp_path / "built", encoder.fingerprint)
    assert search(index, encoder, "anything") == ()


def test_a_saved_index_finds_as_before_and_keeps_the_text(index, encoder, tmp_path):
    index.save(tmp_path / "built")
    loaded = KnowledgeIndex.load(tmp_path / "built", encoder.fingerprint)
    assert loaded.passages == index.passages
    assert loaded.fingerprint == index.fingerprint
    assert search(loaded, encoder, "dishwasher filter") == search(index, encoder, "dishwasher filter")
    for passage in loaded.passages:
        assert loaded.text(passage.article, passage.start, passage.end) == passage.text


def test_saving_replaces_the_old_index_and_leaves_nothing_beside_it(index, shelf, encoder, tmp_path):
    index.save(tmp_path / "built")
    (tmp_path / "built/old").write_text("left over")
    KnowledgeIndex.build(shelf[:1], encoder).save(tmp_path / "built")
    assert {path.name for path in (tmp_path / "built").iterdir()} == {".lock", "manifest.json", "versions"}
    KnowledgeIndex.build(shelf[:2], encoder).save(tmp_path / "built")
    assert len(list((tmp_path / "built/versions").iterdir())) == 2, (
        "the current one, and the one before for its readers"
    )
    assert {path.name for path in tmp_path.iterdir()} == {"articles", "built"}


def test_an_index_of_another_encoder_is_refused(index, tmp_path):
    index.save(tmp_path / "built")
    with pytest.raises(ArtefactError, match=r"built with the encoder hashing-64, and other is in use.*make train"):
        KnowledgeIndex.load(tmp_path / "built", "other")


@pytest.mark.parametrize("name", ["manifest.json", "content.json", "passages.npy", "stretches.npz"])
def test_a_damaged_or_missing_file_is_refused(index, encoder, tmp_path, name):
    index.save(tmp_path / "built")
    (path,) = (tmp_path / "built").rglob(name)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ArtefactError, match="make train"):
        KnowledgeIndex.load(tmp_path / "built", encoder.fingerprint)
    path.unlink()
    with pytest.raises(ArtefactError, match="make train"):
        KnowledgeIndex.load(tmp_path / "built", encoder.fingerprint)


def test_a_manifest_of_another_kind_is_refused(index, encoder, tmp_path):
    index.save(tmp_path / "built")
    path = tmp_path / "built/manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema": "knowledge-index/0"}))
    with pytest.raises(ArtefactError, match="make train"):
        KnowledgeIndex.load(tmp_path / "built", encoder.fingerprint)


def test_the_fingerprint_changes_with_the_text_and_with_the_encoder(shelf):
    assert fingerprint_of(shelf, "a") == fingerprint_of(shelf, "a")
    assert fingerprint_of(shelf, "a") != fingerprint_of(shelf, "b")
    assert fingerprint_of(shelf, "a") != fingerprint_of(shelf[1:], "a")


def test_an_articles_title_names_it_however_it_is_written(index):
    """D5, kind 4: capitals, punctuation and endings aside, and nothing that only resembles it."""
    title = next(passage.title for passage in index.passages if passage.article == "store-hours")
    for typed in (title, title.upper(), title.rstrip("?") + " !"):
        assert index.titled(typed) == {"store-hours"}
    assert index.titled(f"{title} Really") == frozenset()
    assert index.titled("…?") == frozenset()

"""What a living index promises: edits equal a full build, a crash harms nothing, no question sees two versions."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import bot.knowledge.index.index
from bot.knowledge.index import versions
from bot.knowledge.index.cutting import texts_of
from bot.knowledge.index.index import KnowledgeIndex, fingerprint_of
from bot.knowledge.index.living import LivingIndex
from bot.knowledge.sources.asked import Asked, AskedQuestion
from bot.nlu import artefact

BODIES = (
    "All stores open at 9am.\n\n## Sunday\n\nOn Sunday at 11am.\n",
    "All stores open at 8am.\n",
    "Delivery costs £25.\n\n1. Pay.\n2. Wait.\n\nIt is free above £500.\n",
    "Delivery costs £30.\n",
    "Clean the filter once a month.\n",
)
ASKED = Asked((AskedQuestion("what is the price of delivery", "b", "Delivery costs"),))
TITLES = ("When are the stores open?", "What does it cost?")
EDITS = some.lists(
    some.tuples(
        some.sampled_from("abcd"), some.one_of(some.none(), some.sampled_from(BODIES)), some.sampled_from(TITLES)
    ),
    min_size=1,
    max_size=8,
)


class Counting:
    """An encoder that notes what it was given."""

    def __init__(self, encoder):
        self.fingerprint, self.dimensions, self._encoder, self.given = (
            encoder.fingerprint,
            encoder.dimensions,
            encoder,
            [],
        )

    def encode(self, texts):
        self.given += texts
        return self._encoder.encode(texts)


def state_of(index):
    parts = index.parts
    return (
        parts.passages,
        parts.stretches,
        parts.bodies,
        parts.asked,
        parts.owners.tolist(),
        *(rows.tobytes() for rows in (parts.wholes.rows, parts.sentences, parts.contexts, parts.questions)),
        parts.passage_words.scores("delivery at 9am").tobytes(),
        parts.stretch_words.scores("delivery at 9am").tobytes(),
        parts.prints.tobytes(),
        parts.names.tobytes(),
        index.fingerprint,
    )


def texts_in(index):
    """All that was encoded, read again from the articles."""
    parts = index.parts
    held = [(parts.passages[stretch.passage], stretch) for stretch in parts.stretches]
    texts = texts_of(parts.passages, held, parts.bodies)
    return {*texts.passages, *texts.sentences, *texts.contexts, *(one.text for one in parts.asked)}


@settings(max_examples=30, deadline=None)
@given(edits=EDITS)
def test_edits_one_by_one_equal_one_full_build(edits, shelf_article, encoder):
    """Added, changed and deleted articles, in any order; only what is new is encoded."""
    articles, index = {}, None
    for name, body, title in edits:
        if body is None:
            articles.pop(name, None)
        else:
            articles[name] = replace(shelf_article, id=name, body=body, title=title)
        counting = Counting(encoder)
        known = texts_in(index) if index else set()
        index = KnowledgeIndex.build(tuple(articles.values()), counting, ASKED, earlier=index)
        assert not known.intersection(counting.given)
        assert len(counting.given) == len(set(counting.given))
    assert state_of(index) == state_of(KnowledgeIndex.build(tuple(articles.values()), encoder, ASKED))


def test_an_index_that_was_built_in_another_way_lends_nothing(shelf, encoder, tmp_path, monkeypatch):
    """New code may cut in another way: what the old code cut is no part of a new index."""
    KnowledgeIndex.build(shelf, encoder).save(tmp_path / "built")
    monkeypatch.setattr(bot.knowledge.index.index, "BUILD_FORMAT", bot.knowledge.index.index.BUILD_FORMAT + 1)
    earlier = KnowledgeIndex.load(tmp_path / "built", encoder.fingerprint)
    counting = Counting(encoder)
    index = KnowledgeIndex.build(shelf, counting, earlier=earlier)
    assert set(counting.given) == texts_in(index)


@pytest.fixture(scope="session")
def shelf_article(tmp_path_factory):
    from bot.knowledge.sources.articles import load_articles
    from tests.unit.knowledge.conftest import HEAD, HOURS

    folder = tmp_path_factory.mktemp("one")
    head = "".join(f"{key}: {value}\n" for key, value in HEAD.items())
    (folder / "a.md").write_text(f"---\n{head}---\n{HOURS}", encoding="utf-8")
    return load_articles(folder)[0]


def test_a_crash_at_any_step_leaves_the_old_index_whole(shelf, encoder, tmp_path, monkeypatch):
    """Each write, each rename and each flush fails once; what is read then is the old index, or the whole new one."""
    folder = tmp_path / "built"
    old, new = KnowledgeIndex.build(shelf, encoder), KnowledgeIndex.build(shelf[:1], encoder)
    old.save(folder)
    steps = _steps(monkeypatch)
    new.save(folder)
    assert steps.count > 8
    for last in range(1, steps.count + 1):
        steps.fail_at = None
        old.save(folder)
        steps.count, steps.fail_at = 0, last
        with pytest.raises(KeyboardInterrupt):
            new.save(folder)
        steps.fail_at = None
        read = KnowledgeIndex.load(folder, encoder.fingerprint)
        assert state_of(read) in (state_of(old), state_of(new))
        new.save(folder)
        assert state_of(KnowledgeIndex.load(folder, encoder.fingerprint)) == state_of(new)


def _steps(monkeypatch):
    class Steps:
        count, fail_at = 0, None

    def failing(function):
        def step(*given, **named):
            Steps.count += 1
            if Steps.count == Steps.fail_at:
                raise KeyboardInterrupt
            return function(*given, **named)

        return step

    monkeypatch.setattr(versions, "_to_disk", failing(versions._to_disk))
    monkeypatch.setattr(versions, "_tidy", failing(versions._tidy))
    monkeypatch.setattr(artefact, "write_bytes", failing(artefact.write_bytes))
    monkeypatch.setattr(artefact, "checksums", failing(artefact.checksums))
    monkeypatch.setattr(np, "save", failing(np.save))
    return Steps


def test_questions_are_answered_from_one_version_while_another_takes_its_place(shelf, encoder, tmp_path):
    """Under load: no question fails, each sees one whole version, and the new one is in use in the end."""
    folder = tmp_path / "built"
    known = [KnowledgeIndex.build(articles, encoder) for articles in (shelf, shelf[:1], shelf[1:])]
    counts = {index.fingerprint: len(index.passages) for index in known}
    known[0].save(folder)
    living = LivingIndex(folder, encoder.fingerprint)
    (vector,) = encoder.encode(["when are the stores open"])
    ended, wrong, seen = threading.Event(), [], set()

    def ask():
        while not ended.is_set():
            try:
                index = living.current()
                seen.add(index.fingerprint)
                if len(index.passages) != counts[index.fingerprint]:
                    wrong.append("mixed")
                index.search(vector, "when are the stores open", {"public"})
            except Exception as error:
                wrong.append(repr(error))

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    try:
        for turn in range(6):
            wanted = known[(turn + 1) % 3]
            wanted.save(folder)
            give_up = time.monotonic() + 30
            while living.current().fingerprint != wanted.fingerprint and time.monotonic() < give_up:
                time.sleep(0.01)
            assert living.current().fingerprint == wanted.fingerprint
    finally:
        ended.set()
        for asker in askers:
            asker.join()
    assert wrong == []
    assert seen == set(counts)


def test_a_broken_version_is_not_taken_and_the_old_one_stays(shelf, encoder, tmp_path, caplog):
    folder = tmp_path / "built"
    KnowledgeIndex.build(shelf, encoder).save(folder)
    living = LivingIndex(folder, encoder.fingerprint)
    before = living.current()
    (folder / "manifest.json").write_text("{}")
    assert living.refresh() is before
    assert "stays in use" in caplog.text
    KnowledgeIndex.build(shelf[:1], encoder).save(folder)
    assert living.refresh().fingerprint == fingerprint_of(shelf[:1], encoder.fingerprint)


def test_the_first_question_after_a_build_meets_the_new_articles(shelf, encoder, tmp_path):
    """D5, kind 4: a watched index is there before anybody asks; nobody has to ask twice."""
    folder = tmp_path / "built"
    KnowledgeIndex.build(shelf, encoder).save(folder)
    living = LivingIndex(folder, encoder.fingerprint)
    taken = threading.Event()
    take = living._take
    living._take = lambda state: (take(state), taken.set())
    living.watch(every=0.01)
    KnowledgeIndex.build(shelf[:1], encoder).save(folder)
    assert taken.wait(60)
    assert living.current().fingerprint == fingerprint_of(shelf[:1], encoder.fingerprint)

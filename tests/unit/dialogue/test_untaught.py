"""An assistant whose editors have not written down a question answers from its articles, and never everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from bot.dialogue.answering import Answering, Nothing, learn_answering
from bot.dialogue.asker import Asker
from bot.dialogue.looking_up import look_up
from bot.knowledge.answering.answers import Answer
from bot.knowledge.answering.calibration import LEAST_UNTAUGHT, WITHOUT_QUESTIONS
from bot.knowledge.index.index import KnowledgeIndex
from bot.nlu.encoder.protocol import Encoder, Vectors
from bot.nlu.intents.held_out import Examples
from tests.unit.dialogue.test_looking_up import shelf_of

PUBLIC = frozenset({"public"})
KINDS = ("yoga", "rowing", "judo", "archery", "tennis", "diving", "chess", "fencing", "karate", "polo")
TOLD = "knowledge_index/questions has hardly any questions of customers"


def articles(count: int, sentences: int = 3) -> list[tuple[str, str, str, str, str]]:
    """So many articles about sports, each of a few sentences with words of their own."""
    found = []
    for number in range(count):
        kind = f"{KINDS[number % len(KINDS)]}{number // len(KINDS) or ''}"
        body = " ".join(f"The {kind} club number {place} costs {place}{number} dollars." for place in range(sentences))
        found.append((kind, f"About {kind}", "public", "en", body))
    return found


@dataclass
class Untaught:
    """What training made of some articles, and what it said."""

    index: KnowledgeIndex
    encoder: Encoder
    learned: Answering
    said: list[str]

    def answers(self, text: str) -> str | None:
        """The article that answers, if one does."""
        (vector,) = self.encoder.encode([text])
        found = look_up(self.index, self.learned, text, vector, None, Asker(PUBLIC), 5, self.encoder.encode)
        return found.best.article if isinstance(found.best, Answer) else None


def trained(
    folder: Path, encoder: Encoder, shelf: Sequence[tuple[str, str, str, str, str]], nothing: Sequence[str] = ()
) -> Untaught:
    """Train on articles alone; two intents that act, as any assistant has them."""
    index = shelf_of(folder, encoder, shelf)
    texts = ("hello", "hi there", "hello you", "bye", "bye then", "goodbye you")
    examples = Examples(texts, encoder.encode(texts), ("greet",) * 3 + ("goodbye",) * 3)
    said: list[str] = []
    none = Nothing(nothing, np.asarray(encoder.encode(list(nothing)), np.float32).reshape(-1, encoder.dimensions))
    given = (index, none, examples, {}, PUBLIC, None, 1, "out_of_scope", said.append, encoder.encode)
    return Untaught(index, encoder, learn_answering(*given), said)


@pytest.mark.parametrize("count", [1, 2, 20])
@pytest.mark.parametrize("sentences", [1, 4])
def test_any_number_of_articles_trains_and_says_what_it_goes_by(
    tmp_path: Path, encoder: Encoder, count: int, sentences: int
) -> None:
    """One article of one sentence has nothing to be judged by; then what holds elsewhere counts."""
    found = trained(tmp_path, encoder, articles(count, sentences))
    (told,) = (line for line in found.said if TOLD in line)
    assert np.isfinite(found.learned.alone)
    assert LEAST_UNTAUGHT <= found.learned.agreed <= found.learned.alone
    if count == 1:
        assert "there are no two articles to draw some from" in told
        assert found.learned.alone == WITHOUT_QUESTIONS
    else:
        assert f"so {count * sentences} were drawn from the words of {count} articles" in told


def test_it_answers_in_an_articles_words_and_not_whatever_is_asked(tmp_path: Path, encoder: Encoder) -> None:
    """What shares a word with the articles is not what they answer."""
    found = trained(tmp_path, encoder, articles(10))
    assert found.answers("what costs the judo club") == "judo"
    for text in ("can I park my car", "who is the king", "what is the number", "the dollars", "sing a song about it"):
        assert found.answers(text) is None


def test_no_articles_at_all_train_too(tmp_path: Path, encoder: Encoder) -> None:
    """The first run of a company that has written nothing yet."""
    found = trained(tmp_path, encoder, [("staff", "For staff", "internal", "en", "Nobody else reads this sentence.")])
    assert found.learned.alone == WITHOUT_QUESTIONS
    assert found.answers("nobody else reads this sentence") is None


class Deaf:
    """An encoder that cannot tell sentences of a language apart: all of them are nearly one."""

    dimensions = 16
    fingerprint = "deaf"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of length 1 that hardly differ."""
        rows = np.ones((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row, len(text) % self.dimensions] += 0.05
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_a_language_that_the_encoder_reads_badly_makes_it_cautious(tmp_path: Path, encoder: Encoder) -> None:
    """Everything is alike then, and what is asked of an article that is not there fits the others as well."""
    shelf = [
        (f"topic{number}", f"Titel {number}", "public", "de", f"Der Beitrag {number} gilt. Die Frist {number} gilt.")
        for number in range(20)
    ]
    read, unread = tmp_path / "read", tmp_path / "unread"
    read.mkdir(), unread.mkdir()
    well, badly = trained(read, encoder, articles(20)), trained(unread, Deaf(), shelf)
    assert badly.learned.alone > well.learned.alone
    assert badly.answers("Wo kann ich hier mein Auto abstellen") is None


def test_questions_that_editors_know_to_be_unanswered_are_no_reason_to_answer_more(
    tmp_path: Path, encoder: Encoder
) -> None:
    """A base with `nothing.yml` alone is as untaught as one without it."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir(), other.mkdir()
    plain = trained(one, encoder, articles(5))
    noted = trained(other, encoder, articles(5), ("what is chess", "tell me a poem", "who is the king"))
    assert noted.learned.alone == plain.learned.alone
    assert noted.learned.calibration.unanswerable == 3

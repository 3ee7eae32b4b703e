"""What comes with the default encoder helps an untaught base, and holds nothing of what it was made from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import yaml

from bot.knowledge.answering.base import FILE, base_ranker
from bot.knowledge.answering.ranking import Ranker
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import load_articles
from bot.nlu.encoder.onnx_encoder import OnnxEncoder

COMPANY = Path(__file__).resolve().parents[3] / "companies" / "harakeke"
PUBLIC = frozenset({"public"})


def test_another_encoder_does_without() -> None:
    """Directions in one space mean nothing in another."""
    assert base_ranker("the weights of another model") is None
    assert base_ranker("") is None


def test_the_file_holds_numbers_and_the_name_of_the_encoders_weights() -> None:
    """No sentence of the company that it was learned from, no vector of one, and nothing that runs."""
    with np.load(FILE, allow_pickle=False) as arrays:
        texts = {name for name in arrays.files if arrays[name].dtype.kind not in "f"}
        shapes = {arrays[name].shape for name in arrays.files if name not in texts}
    assert texts == {"encoder_weights"}
    assert shapes == {(384, 16), (16, 384)}


def test_it_finds_more_of_a_foreign_companys_questions_before_all_that_nothing_answers(
    built_encoder: OnnxEncoder, built_encoder_folder: Path
) -> None:
    """Counted on the half of the set by which it was chosen: 32 and 22 of 35 when it was made."""
    manifest = json.loads((built_encoder_folder / "manifest.json").read_text(encoding="utf-8"))
    base = base_ranker(manifest["weights_sha256"])
    assert base is not None
    index = KnowledgeIndex.build(load_articles(COMPANY / "knowledge_index" / "articles"), built_encoder)
    with_it, without = found_first(index, built_encoder, base), found_first(index, built_encoder, Ranker.untaught(384))
    assert with_it >= 30
    assert with_it - without >= 5


def found_first(index: KnowledgeIndex, encoder: OnnxEncoder, ranker: Ranker) -> int:
    """How many questions find their article, surer than any that no article answers seems to be answered."""
    content = yaml.safe_load((COMPANY / "untaught.yml").read_text(encoding="utf-8"))
    allowed = index.filters.allowed(Filter(PUBLIC))
    scores, others = [], []
    for entry in (one for part in content.values() for one in part if one["half"] == "seen" and "act" not in one):
        ranked = ranker.rank(index, encoder.encode([entry["text"]])[0], entry["text"], allowed)
        owners = [index.passages[owner].article for owner in index.searching.owner[ranked.stretches]]
        shares = {article: ranked.shares[np.asarray(owners) == article].sum() for article in set(owners)}
        best = max(shares, key=lambda article: (shares[article], article))
        leads = shares[best] >= sum(shares.values()) / 2
        if entry.get("articles"):
            scores.append(ranked.answerable if leads and best in entry["articles"] else -np.inf)
        elif leads:
            others.append(ranked.answerable)
    return sum(score > max(others) for score in scores)

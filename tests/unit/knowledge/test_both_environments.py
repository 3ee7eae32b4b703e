"""What was built in one environment is read in the other, with the same results."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.knowledge.answering.ranking import Ranker
from bot.knowledge.index.index import KnowledgeIndex
from bot.nlu.entities.reader import EntityFinder, Settings, Taught
from bot.nlu.intents.classifier import IntentModel
from bot.nlu.scope.verdict import ScopeModel

ROOT = Path(__file__).parents[3]
QUESTION = "when do the stores open on sunday"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)

THERE = """
import json, sys
from datetime import datetime, timezone
from pathlib import Path
import numpy as np
from bot.knowledge.answering.answers import answer_from, shown_text
from bot.knowledge.answering.asking import Asking
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.answering.ranking import Ranker
from bot.nlu.entities.reader import EntityFinder, Settings, Taught
from bot.nlu.intents.classifier import IntentModel
from bot.nlu.encoder.onnx_encoder import OnnxEncoder
from bot.nlu.scope.verdict import ScopeModel

folder, encoder_folder, question = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
encoder = OnnxEncoder.load(encoder_folder)
vector = encoder.encode([question])[0]
classified = IntentModel.load(folder / "nlu").classify(question, vector)
verdict = ScopeModel.load(folder / "nlu").judge(question, vector, classified)
found = EntityFinder.load(folder / "nlu").find(question, datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc))
index = KnowledgeIndex.load(folder / "built", encoder.fingerprint)
hits = index.search(vector, question, {"public"})
ranked = Ranker.load(folder / "nlu").rank(index, vector, question, index.filters.allowed(Filter(frozenset({"public"}))))
print(json.dumps({
    "python": sys.version_info[:2], "numpy": np.__version__,
    "vector": [float(number) for number in vector],
    "readings": [[reading.name, reading.confidence] for reading in classified.readings],
    "scope": [verdict.in_scope, verdict.score, verdict.reason],
    "entities": [[entity.name, entity.value] for entity in found],
    "hits": [[hit.passage.id, hit.score] for hit in hits],
    "answer": shown_text(index, answer_from(index, ranked, Asking(question))),
}))
"""


def test_artefacts_of_this_environment_are_read_in_the_other(
    shelf, built_encoder, built_encoder_folder, other_python, tmp_path
):
    texts = [f"{start} {rest}" for start in ("when do", "why do") for rest in ("you open", "you close", "it leaks")]
    labels = [text.split()[0] for text in texts]
    vectors = built_encoder.encode(texts)
    intents = IntentModel.train(texts, vectors, labels, seed=1)
    scope = ScopeModel.train(texts, vectors, labels, seed=1)
    finder = EntityFinder.build(Taught({"product": ["stores"]}), Settings("Europe/London", "GB"))
    index = KnowledgeIndex.build(shelf, built_encoder)
    for part in (intents, scope, finder):
        part.save(tmp_path / "nlu")
    index.save(tmp_path / "built")
    Ranker.untaught(built_encoder.dimensions).save(tmp_path / "nlu")

    command = [str(other_python), "-c", THERE, str(tmp_path), str(built_encoder_folder), QUESTION]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    there = json.loads(done.stdout.splitlines()[-1])

    vector = built_encoder.encode([QUESTION])[0]
    classified = intents.classify(QUESTION, vector)
    verdict = scope.judge(QUESTION, vector, classified)
    assert there["vector"] == pytest.approx(vector.tolist(), abs=1e-5)
    assert [name for name, _ in there["readings"]] == [reading.name for reading in classified.readings]
    assert [share for _, share in there["readings"]] == pytest.approx(
        [one.confidence for one in classified.readings], abs=1e-4
    )
    assert there["scope"][0] is verdict.in_scope
    assert there["scope"][1] == pytest.approx(verdict.score, abs=1e-4)
    assert there["entities"] == [["product", "stores"], ["date", "2026-11-29"]]
    assert there["entities"] == [[one.name, one.value] for one in finder.find(QUESTION, NOW)]
    hits = index.search(vector, QUESTION, {"public"})
    assert [place for place, _ in there["hits"]] == [hit.passage.id for hit in hits]
    assert [score for _, score in there["hits"]] == pytest.approx([hit.score for hit in hits], abs=1e-4)
    assert all(quote in shelf[0].body for quote in there["answer"].split("\n\n"))

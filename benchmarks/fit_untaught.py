"""Learn what an untaught knowledge base is ranked by, from the asked questions of the company in whose folder it runs.

``python -m benchmarks.fit_untaught`` writes ``bot/knowledge/answering/base.npz``: numbers of the encoder, and nothing
of the questions or the articles. It is the same for the same articles, questions and encoder.
"""

from __future__ import annotations

from bot import settings
from bot.knowledge.answering import base
from bot.knowledge.answering.learning import learn_base
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import load_articles
from bot.knowledge.sources.asked import load_asked
from bot.nlu.encoder.onnx_encoder import EncoderManifest, OnnxEncoder
from bot.nlu.encoder.vector_cache import VectorCache

PUBLIC = frozenset({"public"})
SEED = 1


def main() -> None:
    """Learn and write."""
    given = settings.load()
    encoder = VectorCache(given.models / "cache", OnnxEncoder.load(given.encoder))
    asked = load_asked(given.asked)
    index = KnowledgeIndex.build(load_articles(given.articles), encoder, asked)
    learned = learn_base(index, asked.nothing, encoder.encode(list(asked.nothing)), PUBLIC, SEED)
    base.write(EncoderManifest.read(given.encoder).weights_sha256, learned.to_sentence, learned.to_context)
    print(f"{base.FILE}: {base.FILE.stat().st_size:,} bytes from {len(index.parts.asked)} questions")


if __name__ == "__main__":
    main()

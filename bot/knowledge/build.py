"""Build ``knowledge_index/built/`` from ``knowledge_index/articles/``: ``python -m bot.knowledge.build``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.errors import ArtefactError, WarmlineError
from bot.knowledge.articles import INTERNAL, load_articles
from bot.knowledge.index import KnowledgeIndex, fingerprint_of
from bot.nlu.onnx_encoder import EncoderManifest, OnnxEncoder
from bot.nlu.vector_cache import VectorCache


def build(articles: Path, target: Path, encoder: Path, cache: Path, say: Callable[[str], None]) -> None:
    """Build the index when an article, the encoder or the way of building changed; otherwise say that it is current."""
    started = time.monotonic()
    loaded = load_articles(articles)
    wanted = fingerprint_of(loaded, EncoderManifest.read(encoder).fingerprint)
    if _current(target, EncoderManifest.read(encoder).fingerprint) == wanted:
        say(f"up to date ({len(loaded)} articles)")
        return
    say(f"encoding {len(loaded)} articles")
    index = KnowledgeIndex.build(loaded, VectorCache(cache, OnnxEncoder.load(encoder)))
    index.save(target)
    internal = sum(INTERNAL in article.audience for article in loaded)
    say(
        f"{len(loaded)} articles ({internal} internal), {len(index.passages)} passages, "
        f"{len(index.stretches)} stretches; wrote {target} after {time.monotonic() - started:.1f} s"
    )


def _current(target: Path, encoder_fingerprint: str) -> str | None:
    try:
        return KnowledgeIndex.load(target, encoder_fingerprint).fingerprint
    except ArtefactError:
        return None


def main(arguments: list[str] | None = None) -> int:
    """Build the index unless it is up to date; return the process's exit status."""
    root = Path(os.environ.get("WARMLINE_ROOT", "."))
    models = Path(os.environ.get("WARMLINE_MODELS", root / "models"))
    parser = argparse.ArgumentParser(prog="python -m bot.knowledge.build", description=__doc__)
    parser.add_argument("--articles", type=Path, default=root / "knowledge_index" / "articles")
    parser.add_argument("--target", type=Path, default=root / "knowledge_index" / "built")
    parser.add_argument("--encoder", type=Path, default=models / "encoder")
    parser.add_argument("--cache", type=Path, default=models / "cache", help="vectors of earlier builds")
    options = parser.parse_args(arguments)

    def say(line: str) -> None:
        print(f"knowledge index: {line}", flush=True)

    try:
        build(options.articles, options.target, options.encoder, options.cache, say)
    except WarmlineError as error:
        print(f"knowledge index: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

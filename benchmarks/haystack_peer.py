"""Haystack's in-memory retriever over given vectors; runs in an environment of its own, without this project."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np


def main(folder: Path) -> None:
    """Read ``documents.npy`` and ``queries.npy``; write the first ten documents and the seconds of each query."""
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    documents, queries = np.load(folder / "documents.npy"), np.load(folder / "queries.npy")
    store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
    store.write_documents(
        [Document(id=str(number), content=str(number), embedding=row.tolist()) for number, row in enumerate(documents)]
    )
    retriever = InMemoryEmbeddingRetriever(store, top_k=10)
    found, seconds = [], []
    for row in queries:
        query = row.tolist()
        start = time.perf_counter()
        result = retriever.run(query_embedding=query)
        seconds.append(time.perf_counter() - start)
        found.append([int(document.id) for document in result["documents"]])
    (folder / "found.json").write_text(json.dumps({"found": found, "seconds": seconds}), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

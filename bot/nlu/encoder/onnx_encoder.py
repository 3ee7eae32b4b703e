"""The encoder that serves: onnxruntime and tokenizers, no torch."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ArtefactError
from bot.nlu import artefact
from bot.nlu.encoder.protocol import Vectors

SCHEMA = "encoder/1"
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"
COMMAND = "make train"

# Sentences are encoded at once on so many cores, and each on one: a second core saves a short sentence nothing.
_MOST_THREADS = 2
# Fewer are not worth a pool of threads.
_MANY = 16


@dataclass(frozen=True)
class EncoderManifest:
    """What the build noted beside the weights."""

    fingerprint: str
    dimensions: int
    max_tokens: int
    pad_id: int
    prefix: str
    """Put before each sentence; some models were trained with one."""
    inputs: tuple[str, ...]
    files: dict[str, str]
    weights_sha256: str = ""
    """Names the model's weights, whatever form they were built into; empty where the build noted none."""

    @classmethod
    def read(cls, folder: Path) -> EncoderManifest:
        """Read ``manifest.json``; :class:`ArtefactError` when it is missing or not one of ours."""
        path = folder / MANIFEST_FILE
        content = artefact.read_json(path, SCHEMA, COMMAND)
        try:
            return cls(
                fingerprint=str(content["fingerprint"]),
                dimensions=int(content["dimensions"]),
                max_tokens=int(content["max_tokens"]),
                pad_id=int(content["pad_id"]),
                prefix=str(content["prefix"]),
                inputs=tuple(content["inputs"]),
                files={str(name): str(digest) for name, digest in content["files"].items()},
                weights_sha256=str(content.get("weights_sha256", "")),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ArtefactError(path, f"it is damaged ({error!r}).", COMMAND) from error


class OnnxEncoder:
    """A sentence-transformers model as ``bot.nlu.encoder.build`` wrote it, run by onnxruntime."""

    def __init__(self, session: Any, tokenizer: Any, manifest: EncoderManifest) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._manifest = manifest

    @property
    def fingerprint(self) -> str:
        """Names weights, tokens and pooling."""
        return self._manifest.fingerprint

    @property
    def dimensions(self) -> int:
        """How many numbers one vector holds."""
        return self._manifest.dimensions

    @classmethod
    def load(cls, folder: Path) -> OnnxEncoder:
        """Load a built encoder; :class:`ArtefactError` when it is missing, damaged or half written."""
        manifest = EncoderManifest.read(folder)
        artefact.verify(folder, manifest.files, COMMAND)
        # Imported here: with onnxruntime it costs a third of a second, which a process without an encoder need not pay.
        from tokenizers import Tokenizer

        try:
            session = _session(folder / MODEL_FILE)
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        except Exception as error:
            raise ArtefactError(folder, f"the encoder cannot be loaded ({error}).", COMMAND) from error
        tokenizer.enable_truncation(max_length=manifest.max_tokens)
        tokenizer.no_padding()
        return cls(session, tokenizer, manifest)

    def with_weights(self, path: Path) -> OnnxEncoder:
        """Return an encoder that differs in its weights alone: ``path`` holds another export of the same model."""
        return OnnxEncoder(_session(path), self._tokenizer, self._manifest)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a (len(texts), dimensions) matrix whose rows have length 1, in the order of ``texts``."""
        # One at a time: the weights are bytes, and how coarsely a sentence is read would depend on its neighbours.
        ids = [self._tokenizer.encode(self._manifest.prefix + _valid(text)).ids for text in texts]
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if len(texts) < _MANY:
            found: Iterable[Vectors] = map(self._run, ids)
        else:
            with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as threads:
                found = list(threads.map(self._run, ids))
        for place, vector in enumerate(found):
            vectors[place] = vector
        return vectors

    def _run(self, ids: list[int]) -> Vectors:
        tokens = np.asarray([ids], dtype=np.int64)
        known: dict[str, NDArray[np.int64]] = {
            "input_ids": tokens,
            "attention_mask": np.ones_like(tokens),
            "token_type_ids": np.zeros_like(tokens),
        }
        vector: Vectors = self._session.run(None, {name: known[name] for name in self._manifest.inputs})[0][0]
        return vector


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])


def _valid(text: str) -> str:
    """Replace lone surrogates, which JSON can carry and the tokenizer refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")

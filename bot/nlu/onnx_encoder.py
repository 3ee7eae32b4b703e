"""The encoder that serves: onnxruntime and tokenizers, no torch."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ArtefactError
from bot.nlu import artefact
from bot.nlu.encoder import Vectors

SCHEMA = "encoder/1"
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"
COMMAND = "make train"

# Sentences of like length go together, so that little is computed for padding. On two cores batches of
# 16 are as fast as 64 and keep the peak of memory low.
_BATCH = 16
# One short sentence gains little from a third thread, and other processes need the cores too.
_MOST_THREADS = 2


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
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ArtefactError(path, f"it is damaged ({error!r}).", COMMAND) from error


class OnnxEncoder:
    """A sentence-transformers model as ``bot.nlu.encoder_build`` wrote it, run by onnxruntime."""

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
        # Imported here: the two cost a third of a second, which a process without an encoder need not pay.
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = min(_MOST_THREADS, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that spin while they wait take a core from the other two processes.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            session = onnxruntime.InferenceSession(
                str(folder / MODEL_FILE), sess_options=options, providers=["CPUExecutionProvider"]
            )
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        except Exception as error:
            raise ArtefactError(folder, f"the encoder cannot be loaded ({error}).", COMMAND) from error
        tokenizer.enable_truncation(max_length=manifest.max_tokens)
        tokenizer.no_padding()
        return cls(session, tokenizer, manifest)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a (len(texts), dimensions) matrix whose rows have length 1, in the order of ``texts``."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if not texts:
            return vectors
        encodings = self._tokenizer.encode_batch([self._manifest.prefix + _valid(text) for text in texts])
        ids = [encoding.ids for encoding in encodings]
        for batch in _batches([len(tokens) for tokens in ids]):
            vectors[batch] = self._run([ids[place] for place in batch])
        return vectors

    def _run(self, ids: list[list[int]]) -> Vectors:
        width = max(len(tokens) for tokens in ids)
        tokens = np.full((len(ids), width), self._manifest.pad_id, dtype=np.int64)
        mask = np.zeros((len(ids), width), dtype=np.int64)
        for row, sentence in enumerate(ids):
            tokens[row, : len(sentence)] = sentence
            mask[row, : len(sentence)] = 1
        known: dict[str, NDArray[np.int64]] = {
            "input_ids": tokens,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(tokens),
        }
        found: Vectors = self._session.run(None, {name: known[name] for name in self._manifest.inputs})[0]
        return found


def _valid(text: str) -> str:
    """Replace lone surrogates, which JSON can carry and the tokenizer refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Yield places of sentences, those of like length together."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]

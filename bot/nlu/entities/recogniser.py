"""A small recogniser that learns from annotated examples (``[text](entity)``) where an entity tends to stand.

spaCy's own: a few thousand hashed embeddings and a transition parser, trained in seconds. It is a second witness for
what no list has: rules and lists come first.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import ArtefactError
from bot.nlu import artefact
from bot.nlu.reading.cap import readable
from bot.nlu.reading.normalise import normalise

_FILE = "recogniser.msgpack"
# Below it there is nothing to generalise from.
FEWEST_MENTIONS = 20
# So many steps teach all that the examples hold; a few dozen examples are gone through more often than a thousand.
_STEPS = 120
_MOST_EPOCHS = 30
_BATCH = 48
# Sentences without a mention for each one with: the recogniser must learn what is none, and the rest costs time.
_PLAIN_PER_ANNOTATED = 0.7
_DROP_OUT = 0.2
_NER: dict[str, Any] = {
    "model": {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 32,
        "maxout_pieces": 2,
        "use_upper": False,
        "tok2vec": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "pretrained_vectors": None,
            "width": 32,
            "depth": 2,
            "embed_size": 1000,
            "window_size": 1,
            "maxout_pieces": 2,
            "subword_features": True,
        },
    }
}


@dataclass(frozen=True)
class Mention:
    """An annotated stretch of a sentence."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Annotated:
    """A sentence and what trainers marked in it."""

    text: str
    mentions: tuple[Mention, ...] = ()

    def as_read(self) -> Annotated:
        """Return the same as readers see a customer's message, so that training and serving agree."""
        pieces: list[str] = []
        mentions: list[Mention] = []
        last = length = 0
        for mention in sorted(self.mentions, key=lambda each: each.start):
            pieces += [normalise(self.text[last : mention.start]).text]
            length += len(pieces[-1])
            pieces += [normalise(self.text[mention.start : mention.end]).text]
            mentions.append(Mention(mention.name, length, length + len(pieces[-1])))
            length += len(pieces[-1])
            last = mention.end
        return Annotated("".join([*pieces, normalise(self.text[last:]).text]), tuple(mentions))


class Recogniser:
    """Finds stretches that look like the annotated ones."""

    def __init__(self, language: Any) -> None:
        self._language = language

    @classmethod
    def train(cls, examples: Sequence[Annotated], seed: int) -> Recogniser | None:
        """Learn from the examples, the same for the same seed; None where too few are annotated."""
        examples = [example.as_read() for example in examples]
        marked = [example for example in examples if example.mentions]
        if sum(len(example.mentions) for example in marked) < FEWEST_MENTIONS:
            return None
        import spacy
        from spacy.training import Example
        from spacy.util import fix_random_seed

        draw = random.Random(seed)  # noqa: S311 - shuffles examples
        plain = [example for example in examples if not example.mentions and example.text.strip()]
        chosen = [*marked, *draw.sample(plain, min(len(plain), round(len(marked) * _PLAIN_PER_ANNOTATED)))]
        fix_random_seed(seed)
        language = spacy.blank("en")
        language.add_pipe("ner", config=_NER)
        prepared = []
        for example in chosen:
            document = language.make_doc(example.text)
            spans = [
                document.char_span(mention.start, mention.end, label=mention.name, alignment_mode="expand")
                for mention in example.mentions
            ]
            offsets = [(span.start_char, span.end_char, span.label_) for span in spans if span is not None]
            prepared.append(Example.from_dict(document, {"entities": offsets}))
        optimiser = language.initialize(lambda: prepared)
        batches = -(-len(prepared) // _BATCH)
        for _ in range(min(_MOST_EPOCHS, -(-_STEPS // batches))):
            draw.shuffle(prepared)
            for first in range(0, len(prepared), _BATCH):
                language.update(prepared[first : first + _BATCH], drop=_DROP_OUT, sgd=optimiser)
        return cls(language)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the stretches that look like an entity, left to right, without overlaps."""
        read = readable(text)
        return tuple(
            Mention(span.label_, *read.typed_span(span.start_char, span.end_char))
            for span in self._language(read.text).ents
        )

    def save(self, folder: Path) -> None:
        """Write the weights as MessagePack: numbers and texts, nothing that runs."""
        artefact.write_bytes(folder / _FILE, self._language.to_bytes(exclude=["tokenizer", "vocab"]))

    @classmethod
    def load(cls, folder: Path, command: str) -> Recogniser:
        """Read what :meth:`save` wrote; :class:`ArtefactError` when it is not whole."""
        import spacy

        path = folder / _FILE
        language = spacy.blank("en")
        language.add_pipe("ner", config=_NER)
        try:
            language.from_bytes(path.read_bytes(), exclude=["tokenizer", "vocab"])
        except FileNotFoundError as error:
            raise ArtefactError(path, "it is missing.", command) from error
        except Exception as error:
            raise ArtefactError(path, f"it is damaged ({type(error).__name__}).", command) from error
        return cls(language)

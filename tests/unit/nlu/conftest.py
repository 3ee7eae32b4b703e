"""A handful of customers' sentences, as data/nlu would hold them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.nlu.encoder.protocol import Encoder, Vectors

SENTENCES = {
    "track_order": "where is my order|where is my parcel|track my parcel please|my order is late|has my order left"
    "|parcel not here yet|when does my parcel come|order status|tell me where my order is|track order",
    "return_policy": "can i return it|i want to send it back|how do i return an oven|return policy|is a return free"
    "|send back the fridge|returning a hob|i would like to return this|return within 30 days|can i send this back",
    "greet": "hello|hi|hi there|good morning|hey|hello there|good afternoon|hiya|morning|hello hello",
    "out_of_scope": "what is the weather|who won the match|tell me a joke|write a poem about rain|what is 7 times 8"
    "|sing a song|who is the king|book a flight to rome|capital of france|weather in rome",
}


@dataclass(frozen=True)
class Examples:
    """Sentences, their vectors and their labels."""

    texts: tuple[str, ...]
    vectors: Vectors
    labels: tuple[str, ...]

    def without(self, label: str) -> Examples:
        """The same without one label."""
        places = [place for place, found in enumerate(self.labels) if found != label]
        return Examples(
            tuple(self.texts[place] for place in places),
            self.vectors[places],
            tuple(self.labels[place] for place in places),
        )


@pytest.fixture(scope="session")
def examples(encoder: Encoder) -> Examples:
    """Forty sentences of four intents."""
    pairs = [(text, label) for label, texts in SENTENCES.items() for text in texts.split("|")]
    texts = tuple(text for text, _ in pairs)
    return Examples(texts, encoder.encode(texts), tuple(label for _, label in pairs))

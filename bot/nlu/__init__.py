"""Understand: text to vector, vector to intents, in or out of scope, entities; no Rasa."""

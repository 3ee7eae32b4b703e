"""Give up well: the package that a human receives, with why, what was tried and what was said; no Rasa, no web."""

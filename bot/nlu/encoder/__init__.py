"""A sentence becomes a vector: one encoder, built once, without torch where it serves."""

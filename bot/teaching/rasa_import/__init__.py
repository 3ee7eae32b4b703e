"""Brings an existing Rasa project into a company's folder; nothing of it is run, changed or lost without a word."""

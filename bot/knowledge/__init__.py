"""Retrieve: articles to passages, passages to a FAISS index, a question to a cited answer or none; no Rasa."""

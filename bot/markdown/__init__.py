"""Articles' Markdown, read once and written for who shows it: as plain words, in a small subset, as a page."""

"""Articles cut, encoded and searched: passages, vectors, words, versions."""

"""Read what companies have: one file a format, each to a title and a Markdown body with its places in the source."""

"""What editors write: articles in several formats, asked and golden questions, read strictly."""

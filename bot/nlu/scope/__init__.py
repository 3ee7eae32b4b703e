"""Whether a sentence is our business at all, and why."""

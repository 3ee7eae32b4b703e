"""Tools for trainers: what a change would change, what to teach next."""

"""Desks of other makers: tickets go out to them, and what their agents do comes back."""

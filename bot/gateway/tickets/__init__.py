"""Tickets that wait for a human, and what the customer is told meanwhile."""

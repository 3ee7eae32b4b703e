"""Warmline: a customer-service virtual agent that a company runs itself, and that hands over warm."""

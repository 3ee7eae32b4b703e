"""The human agents' API and page."""

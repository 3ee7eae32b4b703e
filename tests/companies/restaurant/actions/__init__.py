"""The restaurant's actions."""

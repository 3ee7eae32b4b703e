"""Measurements beside other systems, in one run on one machine: `make bench-…`."""

"""The pipeline: thin adapters, one file each, between Rasa's messages and the packages that do the work."""

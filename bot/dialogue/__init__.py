"""What is decided about a message and what follows from it: the arbiter, forms, several wishes, promise, trace.

No Rasa here: these decisions outlive it.
"""

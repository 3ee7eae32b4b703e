"""Where the brain does otherwise than Rasa: one file a patch, with what it replaces and why; `apply.py` applies them.

No import here: `without_tensorflow` has to run before anything of Rasa is imported.
"""

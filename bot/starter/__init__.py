"""The files with which `warmline init` begins a company's folder: one folder a language.

They are copied, not read: from then on they are the company's. Words between double at signs are filled in, and the
ending ``.template`` is left off.
"""

"""What a log may say of a fault of ours: its kind and its place. A message could quote what a customer said."""

from __future__ import annotations


def place_of(error: BaseException) -> str:
    """Name an error's class, and the file and line that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"

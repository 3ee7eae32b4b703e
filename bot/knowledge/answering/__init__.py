"""From passages to an answer that may be given, or to none."""

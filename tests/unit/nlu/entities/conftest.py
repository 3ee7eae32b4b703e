"""What reads entities runs in the brain's environment: there alone the learning that takes a minute is measured."""

from __future__ import annotations

import sys

collect_ignore = ["test_annotated.py"] if sys.version_info >= (3, 11) else []

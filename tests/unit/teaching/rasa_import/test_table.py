"""Each row of docs/rasa-projects.md names a test that is there: a file, or a case of `test_features.py`."""

from __future__ import annotations

import re
from pathlib import Path

from tests.unit.teaching.rasa_import.test_features import CASES

ROOT = Path(__file__).resolve().parents[4]


def _rows() -> list[list[str]]:
    page = (ROOT / "docs" / "rasa-projects.md").read_text(encoding="utf-8")
    table = page.partition("| feature | here |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.split("\n")[2:]]


def test_every_row_of_the_table_names_its_test() -> None:
    """A promise without one would be none."""
    rows = _rows()
    assert len(rows) > 40
    for feature, here, _, test in rows:
        assert here in ("works", "otherwise", "reported"), feature
        file = re.fullmatch(r"`(tests/[\w/]+\.py)`", test)
        assert (file and (ROOT / file[1]).is_file()) or test in CASES, feature


def test_every_case_stands_in_the_table_or_belongs_to_a_row() -> None:
    """What is tried out here is also told."""
    named = {test for *_, test in _rows()}
    apart = {
        "a domain in one file",
        "a story with a question in a form that the product answers alike",
        "a story for which the project has a rule already",
        "a slot of Rasa's own",
        "a member of a retrieval intent in a story",
        "a form without slots",
        "an action without Python",
        "a form of Rasa 1 in Python",
        "an intent with one example",
        "an or with one intent of the product",
        "names that YAML would read as something else",
        "a pipeline by the name of a template",
        "a file in which none of Rasa's keys stands",
    }
    assert set(CASES) - named == apart

"""What is taken of intents whose trainers wrote no metadata is said once, for all of them."""

from __future__ import annotations

import re

from tests.unit.teaching.checks.conftest import Company


def test_titles_and_kinds_that_nobody_wrote_are_said_in_one_remark(company: Company) -> None:
    text = (company.root / "data/nlu.yml").read_text("utf-8")
    company.write("data/nlu.yml", re.sub(r"    metadata: .*\n", "", text))
    assert company.mistakes() == []
    (told,) = [one for one in company.remarks() if "metadata" in one]
    assert told.startswith("data/nlu.yml:4: 6 intents have no `metadata`, or only a part (")
    assert "titles come from the names of: greet, affirm, inform, ask_for_person, repair, opening_hours" in told
    assert "so they act: greet, affirm, inform, ask_for_person, repair;" in told
    assert "so articles answer them: opening_hours)" in told


def test_what_is_said_of_an_intent_is_not_said_again(company: Company) -> None:
    assert [one for one in company.remarks() if "metadata" in one] == []

"""Retrieval intents are taken where something answers them, and what is missing is named with file and line."""

from __future__ import annotations

import pytest

from tests.unit.teaching.checks.conftest import Company

FAQ = """version: "3.1"
nlu:
  - intent: faq/parking
    examples: |
      - where can I park
      - is there parking
  - intent: faq/dogs
    examples: |
      - may I bring my dog
responses:
  utter_faq/parking: [{text: "Behind the shop."}]
  utter_faq/dogs: [{text: "Dogs are welcome."}]
rules:
  - rule: faq
    steps: [{intent: faq}, {action: utter_faq}]
"""


@pytest.fixture
def with_faq(company: Company) -> Company:
    """The small company with a family of two, in one file."""
    company.change("domain.yml", "[greet,", "[greet, faq,")
    company.write("data/faq.yml", FAQ)
    return company


def test_retrieval_intents_with_a_rule_and_responses_are_right(with_faq: Company) -> None:
    assert with_faq.mistakes() == []
    assert not [told for told in with_faq.remarks() if "faq" in told]


def test_one_without_a_response_is_named_with_the_nearest(with_faq: Company) -> None:
    with_faq.change("data/faq.yml", "utter_faq/parking:", "utter_faq/parkin:")
    assert with_faq.mistakes() == [
        "data/faq.yml:3: there is no response utter_faq/parking. Did you mean utter_faq/parkin? "
        "Write utter_faq/parking under `responses`."
    ]


def test_a_family_without_a_rule_is_named(with_faq: Company) -> None:
    """Its answers would never be said."""
    with_faq.change("data/faq.yml", "{action: utter_faq}", "{action: utter_greet}")
    (told,) = with_faq.mistakes()
    assert told.startswith("data/faq.yml:3: no rule says what answers faq. Write one in data/rules: `intent: faq`")


def test_a_rule_that_asks_for_one_of_a_family_is_named(with_faq: Company) -> None:
    """Rasa shows rules the family alone: two such rules would contradict each other."""
    line = with_faq.change("data/faq.yml", "{intent: faq},", "{intent: faq/dogs},")
    (told,) = with_faq.mistakes()
    assert told.startswith(f"data/faq.yml:{line}: rule “faq” uses faq/dogs, but rules and stories only see faq.")


def test_a_family_that_the_domain_does_not_have_is_named(with_faq: Company) -> None:
    with_faq.change("domain.yml", "faq, ", "")
    assert any("data/faq.yml:3: the domain has no intent faq." in told for told in with_faq.mistakes())


def test_a_domain_lists_the_family_and_not_its_members(with_faq: Company) -> None:
    with_faq.change("domain.yml", "faq, ", "faq, faq/dogs, ")
    assert any("domain.yml:4: faq/dogs is a retrieval intent" in told for told in with_faq.mistakes())


def test_a_family_is_no_intent_by_itself(with_faq: Company) -> None:
    """Rasa has no response for such a message."""
    with_faq.change("data/faq.yml", "intent: faq/dogs", "intent: faq")
    assert any("faq is a retrieval intent elsewhere (faq/parking)." in told for told in with_faq.mistakes())

"""What Rasa would take and Warmline makes no use of is said once, with file and line, and stops nothing."""

from __future__ import annotations

import pytest

from tests.unit.teaching.checks.conftest import Company


def remarks(company: Company, about: str) -> list[str]:
    """The remarks that speak of something; there must be no mistake."""
    assert company.mistakes() == []
    return [told for told in company.remarks() if about in told]


@pytest.mark.parametrize(
    ("component", "told"),
    [
        ("FallbackClassifier", "reads intents without effect: WarmlineArbiter decides after it."),
        ("DIETClassifier", "reads intents without effect"),
        ("ResponseSelector", "chooses among retrieval intents without effect"),
        ("DucklingEntityExtractor", "asks a server of its own for each message"),
    ],
)
def test_a_component_whose_work_nothing_uses_is_named(company: Company, component: str, told: str) -> None:
    line = company.change("config.yml", "policies:", f"  - name: {component}\npolicies:")
    (found,) = remarks(company, component)
    assert found.startswith(f"config.yml:{line}: {component} {told}")


def test_entities_alone_may_be_read_by_a_component_of_rasas(company: Company) -> None:
    company.change("config.yml", "policies:", "  - {name: DIETClassifier, intent_classification: false}\npolicies:")
    assert remarks(company, "DIETClassifier") == []


def test_in_a_pipeline_without_the_arbiter_rasas_components_decide(company: Company) -> None:
    company.change("config.yml", "components.arbiter.WarmlineArbiter\n    lead: 0.1", "components.talk.WarmlineTalk")
    company.change("config.yml", "policies:", "  - name: FallbackClassifier\npolicies:")
    assert remarks(company, "without effect") == []


def test_words_in_a_story_are_named_where_no_policy_generalises(company: Company) -> None:
    company.write(
        "data/end_to_end.yml",
        'version: "3.1"\nstories:\n  - story: in words\n    steps:\n      - user: "hello there"\n'
        '        intent: greet\n      - action: utter_greet\n      - user: "a kettle please"\n'
        '      - bot: "We have none."\n',
    )
    assert [told.split(": ", 1)[0] for told in remarks(company, "words instead of a name")] == [
        "data/end_to_end.yml:8",
        "data/end_to_end.yml:9",
    ]
    company.change("config.yml", "policies:", "policies:\n  - name: TEDPolicy")
    assert remarks(company, "words instead of a name") == []


def test_a_long_story_is_named_where_no_policy_generalises(company: Company) -> None:
    """It holds word for word only, and nobody goes through five messages so."""
    steps = "".join("      - intent: greet\n      - action: utter_greet\n" for _ in range(5))
    company.write("data/long.yml", f'version: "3.1"\nstories:\n  - story: long\n    steps:\n{steps}')
    (told,) = remarks(company, "free messages of the customer")
    assert told.startswith("data/long.yml:3: story “long” goes over 5 free messages of the customer")
    company.change("config.yml", "policies:", "policies:\n  - name: TEDPolicy")
    assert remarks(company, "free messages of the customer") == []


def test_a_rule_for_what_nothing_sets_is_named(company: Company) -> None:
    company.write(
        "data/more.yml",
        'version: "3.1"\nrules:\n  - rule: fallback\n    steps: [{intent: nlu_fallback}, {action: utter_greet}]\n',
    )
    (told,) = remarks(company, "nlu_fallback")
    assert told.startswith("data/more.yml:4: rule “fallback” waits for nlu_fallback, which nothing sets.")


def test_a_slot_that_only_duckling_would_fill_is_named(company: Company) -> None:
    company.change("domain.yml", "entities: [product]", "entities: [product, number, time]")
    company.change(
        "domain.yml",
        "slots:\n",
        "slots:\n  guests:\n    type: any\n    mappings: [{type: from_entity, entity: number}]\n"
        "  hour:\n    type: any\n    mappings: [{type: from_entity, entity: time}]\n",
    )
    (told,) = remarks(company, "which nothing finds")
    assert "slot guests is filled from the entity number, which nothing finds. Duckling would find it" in told
    company.change("data/nlu.yml", "- a dishwasher", "- a dishwasher for [four](number)")
    assert remarks(company, "which nothing finds") == []


def test_messages_inside_a_form_do_not_make_a_story_long(company: Company) -> None:
    """A form holds in any order."""
    inside = "      - intent: inform\n      - action: repair_form\n" * 5
    company.write(
        "data/long.yml",
        'version: "3.1"\nstories:\n  - story: long\n    steps:\n      - intent: repair\n      - action: repair_form\n'
        "      - active_loop: repair_form\n"
        f"{inside.replace('inform', 'affirm')}      - active_loop: null\n",
    )
    assert [told for told in company.remarks() if "free messages" in told] == []

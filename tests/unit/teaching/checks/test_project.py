"""D19, kind 8: what was told badly is told with file, line and what to do; what is legal is let through."""

from __future__ import annotations

import pytest

from bot.contract.names import SET_BY_THE_PRODUCT
from bot.teaching.checks.findings import nearest
from tests.unit.teaching.checks.conftest import Company
from tests.unit.teaching.checks.mistakes import MISTAKES


def test_a_good_company_has_no_mistakes(company: Company) -> None:
    """Nothing is said about what is right."""
    assert company.mistakes() == []
    assert company.remarks() == []


@pytest.mark.parametrize(
    ("name", "old", "new", "told"), MISTAKES, ids=[f"{name}: {new[:40]}" for name, _, new, _ in MISTAKES]
)
def test_a_mistake_is_named_with_its_line(company: Company, name: str, old: str, new: str, told: str) -> None:
    """D19, kind 8: the line is where the wrong word stands, and the nearest known name is given."""
    line = company.change(name, old, new)
    # Where `new` has several lines, the last one is wrong.
    place = f"{name}:{line + new.count(chr(10))}: "
    mistakes = company.mistakes()
    assert [mistake for mistake in mistakes if mistake.startswith(place) and told in mistake], mistakes


def test_an_intent_without_examples_and_rule_may_be_the_products(company: Company) -> None:
    """The arbiter and the gateway set these themselves."""
    company.change("domain.yml", "[greet, inform", "[greet, none_of_these, inform")
    assert "none_of_these" in SET_BY_THE_PRODUCT
    assert company.mistakes() == []


def test_a_slot_of_which_nobody_speaks_is_no_mistake(company: Company) -> None:
    """The nearest name is only given where one is near."""
    assert nearest("utter_cost", {"utter_greet", "action_fetch"}) is None
    assert nearest("action_fetsh", {"utter_greet", "action_fetch"}) == "action_fetch"


def test_five_mistakes_in_five_files_are_told_in_one_run(company: Company) -> None:
    """D19, kind 8: one a run was what there was."""
    places = {
        f"{name}:{company.change(name, old, new)}"
        for name, old, new in (
            ("config.yml", "lead: 0.1", "leed: 0.1"),
            ("domain.yml", "entity: product}", "entity: produkt}"),
            ("data/nlu.yml", "[opening-hours]", "[opening-hour]"),
            ("data/rules.yml", "action: action_fetch", "action: action_fetsh"),
            ("actions/all.py", 'return "action_sorry"', 'return "action_sorry'),
        )
    }
    assert {mistake.split(": ")[0] for mistake in company.mistakes()} >= places


def test_a_broken_domain_makes_nothing_else_look_unknown(company: Company) -> None:
    """One slip of the finger there is one line on the screen."""
    line = company.change("domain.yml", "entities: [product]", "entities: [product")
    (told,) = company.mistakes()
    assert told.startswith(f"domain.yml:{line + 1}: this is not YAML")


def test_a_broken_file_of_examples_makes_no_intent_look_unused(company: Company) -> None:
    """What seems to be missing stands in it."""
    company.change("data/nlu.yml", "metadata: {title: Say hello, kind: act}", "metadata: {title: Say hello, kind: act")
    (told,) = company.mistakes()
    assert told.startswith("data/nlu.yml:6: this is not YAML")


def test_a_rule_with_an_action_that_only_python_knows_says_so(company: Company) -> None:
    """The name is right, the domain lacks it."""
    company.change("domain.yml", "action_fetch, ", "")
    (told,) = company.mistakes()
    assert "uses action_fetch, which exists in Python, but not in the domain. Add action_fetch to `actions`" in told


def test_two_stages_are_refused_where_they_would_never_end(company: Company) -> None:
    """R3: the brain answered nobody any more, and health said ready."""
    line = company.change("data/rules.yml", "{action: action_sorry}", "{action: action_two_stage_fallback}")
    (told,) = company.mistakes()
    assert told.startswith(f"data/rules.yml:{line}: rule “unclear” uses action_two_stage_fallback after unclear")


def test_a_rule_with_two_messages_of_the_customer_is_named(company: Company) -> None:
    """Rasa refuses it after training, by its name."""
    company.change(
        "data/rules.yml", "{action: utter_greet}]", "{action: utter_greet}, {intent: affirm}, {action: utter_greet}]"
    )
    (told,) = company.mistakes()
    assert told.startswith("data/rules.yml:5: rule “greet” has 2 messages of the customer")


@pytest.mark.parametrize(("setting", "what"), [("country: GB", "country"), ("timezone: Europe/London", "time zone")])
def test_a_company_says_where_it_is(company: Company, setting: str, what: str) -> None:
    """Nobody's country is the usual one: 3/4 would be read in the order of another."""
    line = company.change("config.yml", f"    {setting}\n", "")
    (told,) = company.mistakes()
    entry = line - (1 if what == "time zone" else 2)
    assert told.startswith(f"config.yml:{entry}: the {what} is missing.")


def test_a_company_without_entities_need_not_say_where_it_is(company: Company) -> None:
    """Nothing is read there in the order of any country."""
    entry = "  - name: bot.brain.components.entities.WarmlineEntities\n    timezone: Europe/London\n    country: GB\n"
    company.change("config.yml", entry, "")
    assert company.mistakes() == []


def test_nothing_to_learn_the_tone_from_is_named(company: Company) -> None:
    """R5: without data/tone there was a stack trace."""
    (company.root / "data" / "tone" / "tone.yml").unlink()
    (told,) = company.mistakes()
    assert "WarmlineTone learns from data/tone, but there is nothing in it." in told


def test_dangers_that_no_rule_answers_are_named(company: Company) -> None:
    """P1: a danger that was noticed must not end in "I did not understand"."""
    company.change("data/rules.yml", "steps: [{intent: danger}", "steps: [{intent: affirm}")
    assert any("no rule answers the intent danger" in told for told in company.mistakes())


def test_what_leads_nowhere_is_remarked_and_stops_nothing(company: Company) -> None:
    """An intent that acts without a rule, one that nobody can say, a response that nobody says."""
    company.change("domain.yml", "utter_booked:", "utter_forgotten: [{text: Hm}]\n  utter_booked:")
    company.change("domain.yml", "[greet, inform", "[greet, complain, applaud, inform")
    company.change("data/nlu.yml", "  - lookup: product", _INTENT)
    company.change(
        "data/rules.yml", "rules:", "rules:\n  - rule: thanks\n    steps: [{intent: applaud}, {action: utter_greet}]"
    )
    assert company.mistakes() == []
    told = company.remarks()
    assert any("no rule or story handles complain" in one for one in told)
    assert any("applaud has no examples, and no button sends it" in one for one in told)
    assert any("utter_forgotten is never used" in one for one in told)


_INTENT = """  - intent: complain
    metadata: {title: Complain, kind: act}
    examples: |
      - this is bad
      - I am unhappy with you
  - lookup: product"""


ODD = {
    "a rule's snippet": """
rules:
- rule: goes on
  wait_for_user_input: false
  steps:
  - intent: greet
    entities: [product]
  - action: utter_greet
- rule: inside
  condition:
  - active_loop: repair_form
  - slot_was_set:
    - requested_slot: problem
  steps:
  - action: ...
  - intent: affirm
  - action: utter_welcome_back
""",
    "checkpoints and or": """
stories:
- story: begins
  steps:
  - or:
    - intent: greet
    - intent: affirm
  - action: utter_greet
  - checkpoint: greeted
    slot_was_set:
    - problem: broken
- story: goes on
  steps:
  - checkpoint: greeted
  - slot_was_set:
    - product
    - problem: null
  - intent: repair
  - action: repair_form
  - active_loop: repair_form
  - active_loop: null
  - action: utter_booked
""",
    "the customer's own words": """
stories:
- story: end to end
  steps:
  - user: |
      hello, my [oven](product) is broken
  - bot: Oh dear.
  - user: "yes"
    intent: affirm
  - action: utter_greet
""",
    "a rule for the beginning": """
rules:
- rule: first greeting
  conversation_start: true
  steps:
  - intent: greet
  - action: utter_welcome_back
""",
    "Rasa's own names": """
rules:
- rule: Rasa's fallback
  steps:
  - intent: nlu_fallback
  - action: action_two_stage_fallback
  - active_loop: action_two_stage_fallback
- rule: back
  steps:
  - intent: back
  - action: action_back
- rule: leave
  condition:
  - active_loop: repair_form
  steps:
  - intent: greet
  - action: action_deactivate_loop
  - active_loop: null
""",
}  # fmt: skip


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_what_is_odd_and_legal_is_let_through(company: Company, text: str) -> None:
    """A false alarm would stop a company that is right."""
    company.write("data/odd/more.yaml", text)
    assert company.mistakes() == []


def test_a_domain_over_several_files_is_read_as_one(company: Company) -> None:
    """Forms in one file, their slots and questions in another; options beside names."""
    text = (company.root / "domain.yml").read_text()
    head, mark, tail = text.partition("forms:")
    company.write("domain/first.yml", head.replace("[greet, inform", "[{greet: {use_entities: []}}, inform"))
    company.write(
        "domain/deeper/second.yml", mark + tail.replace("action_fetch, ", "{action_fetch: {send_domain: true}}, ")
    )
    (company.root / "domain.yml").unlink()
    assert company.mistakes() == []
    line = company.change("domain/deeper/second.yml", "[product, problem]", "[product, problm]")
    (told, *_) = company.mistakes()
    assert told.startswith(f"domain/deeper/second.yml:{line}: repair_form asks for the slot problm")


def test_forms_and_responses_may_have_options(company: Company) -> None:
    """Ignored intents, conditions of responses, a question said by an action, anchors and merges."""
    company.change(
        "domain.yml",
        "{required_slots: [product, problem]}",
        "{ignored_intents: [greet], required_slots: [product, problem]}",
    )
    company.change(
        "domain.yml",
        'utter_ask_product: [{text: "Which appliance?"}]',
        "utter_ask_product:\n"
        '  - {condition: [{type: slot, name: problem, value: x}], text: "Which?"}\n'
        '  - {text: "Which appliance?"}',
    )
    company.change("domain.yml", '  utter_ask_problem: [{text: "What is wrong?"}]\n', "")
    company.change("domain.yml", "action_sorry,", "action_sorry, action_ask_problem,")
    company.change(
        "actions/all.py",
        "class Sorry",
        'class Ask(Action):\n    def name(self):\n        return "action_ask_problem"\n\n\nclass Sorry',
    )
    assert company.mistakes() == []

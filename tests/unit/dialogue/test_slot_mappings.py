"""How a slot is filled, from what stands in the domain."""

from __future__ import annotations

import pytest

from bot.dialogue.form_input import Filling
from bot.dialogue.slot_mappings import entities_of, fillings_of

HERE = {"active_loop": "repair_form", "requested_slot": "problem"}


def test_each_kind_of_mapping_fills_in_its_way() -> None:
    """A single intent is written without a list; what is filled by code fills nothing here."""
    mappings = [
        {"type": "from_entity", "entity": "product", "not_intent": ["deny"]},
        {"type": "from_text", "intent": "inform"},
        {"type": "from_intent", "intent": ["affirm"], "value": True},
        {"type": "from_intent", "value": True},
        {"type": "custom"},
    ]
    assert fillings_of(mappings, "repair_form", "problem") == (
        Filling(entity="product", not_intents=frozenset({"deny"})),
        Filling(from_text=True, intents=frozenset({"inform"})),
        Filling(intents=frozenset({"affirm"})),
    )


@pytest.mark.parametrize(
    ("conditions", "fills"),
    [
        ([], True),
        (None, True),
        ([HERE], True),
        ([{"active_loop": "repair_form"}], True),
        ([{"active_loop": "return_form"}, HERE], True),
        ([{"active_loop": "return_form"}], False),
        ([{"active_loop": "repair_form", "requested_slot": "product"}], False),
    ],
)
def test_a_mapping_counts_where_one_of_its_conditions_holds(conditions: list[dict[str, str]], fills: bool) -> None:
    """The form that is open, and the slot that it asks for; without conditions it always counts."""
    mapping = {"type": "from_text", "conditions": conditions}
    assert bool(fillings_of([mapping], "repair_form", "problem")) is fills


def test_each_entity_that_fills_any_of_a_forms_slots_belongs_to_it() -> None:
    """Whichever slot is asked for: a correction may come at any time."""
    visit = [{"type": "from_entity", "entity": "date", "conditions": [{"active_loop": "repair_form"}]}]
    elsewhere = [{"type": "from_entity", "entity": "order_number", "conditions": [{"active_loop": "return_form"}]}]
    slots = [("problem", [{"type": "from_text"}]), ("visit", visit), ("order", elsewhere)]
    assert entities_of(slots, "repair_form") == {"date"}

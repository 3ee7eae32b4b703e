"""Dialogues live in their turns, and turns that are taken at once never mix."""

from __future__ import annotations

import asyncio

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.tracker_store import WarmlineTrackerStore, mood_of, open_form
from bot.dialogue import current_turn
from bot.dialogue.current_turn import CurrentTurn, Mood
from bot.dialogue.form_input import Filling, OpenForm
from bot.nlu.tone.trend import WINDOW, Earlier
from tests.brain.small_project import DOMAIN


@pytest.fixture(scope="module")
def domain() -> Domain:
    """The small project's."""
    return Domain.from_yaml(DOMAIN)


@pytest.fixture
def store(domain: Domain) -> WarmlineTrackerStore:
    """As `endpoints.yml` makes one."""
    return WarmlineTrackerStore(domain, host=None)


def in_form(domain: Domain, slot: str) -> DialogueStateTracker:
    """A dialogue whose form waits for this slot."""
    events = [ActionExecuted("repair_form"), ActiveLoop("repair_form"), SlotSet("requested_slot", slot)]
    return DialogueStateTracker.from_events("c", [*events, ActionExecuted("action_listen")], domain.slots)


async def test_without_a_gateway_it_remembers_like_rasas_own(store: WarmlineTrackerStore) -> None:
    """`rasa shell` and `rasa test` need no turn."""
    tracker = await store.get_or_create_tracker("terminal")
    tracker.update(SlotSet("product", "oven"))
    await store.save(tracker)
    assert (await store.retrieve("terminal")).get_slot("product") == "oven"
    assert await store.retrieve("another") is None


async def test_a_turn_brings_its_dialogue_and_takes_the_new_one_along(
    store: WarmlineTrackerStore, domain: Domain
) -> None:
    """Nothing stays in the process."""

    async def take() -> None:
        turn = CurrentTurn(lent=in_form(domain, "product"))
        current_turn.begin(turn)
        tracker = await store.retrieve("c")
        assert tracker.active_loop_name == "repair_form"
        await store.save(tracker)
        assert turn.tracker is tracker

    await asyncio.create_task(take())
    assert list(await store.keys()) == []


async def test_turns_that_are_taken_at_once_do_not_mix(store: WarmlineTrackerStore, domain: Domain) -> None:
    """Even of the same conversation: each sees its own state and its own form."""

    async def take(number: int) -> tuple[str, str | None]:
        slot = "product" if number % 2 else "problem"
        tracker = in_form(domain, slot)
        tracker.update(SlotSet("product", f"oven {number}"))
        turn = CurrentTurn(lent=tracker)
        current_turn.begin(turn)
        for _ in range(5):
            found = await store.retrieve("the same conversation")
            await asyncio.sleep(0)
            await store.save(found)
            assert current_turn.current() is turn
            assert current_turn.open_form().requested_slot == slot
        return turn.tracker.get_slot("product"), slot

    taken = await asyncio.gather(*(asyncio.create_task(take(number)) for number in range(20)))
    assert [product for product, _ in taken] == [f"oven {number}" for number in range(20)]


def test_an_open_form_says_what_fills_its_slot(domain: Domain) -> None:
    """From the domain's mappings, with their conditions."""
    assert open_form(in_form(domain, "product"), domain) == OpenForm(
        "repair_form", "product", (Filling(entity="product"),), entities=frozenset({"product"})
    )
    assert open_form(in_form(domain, "problem"), domain) == OpenForm(
        "repair_form",
        "problem",
        (Filling(from_text=True, intents=frozenset({"inform"})),),
        entities=frozenset({"product"}),
    )


def test_without_a_form_there_is_none_to_tell_of(domain: Domain) -> None:
    """The arbiter then decides by its table."""
    assert open_form(DialogueStateTracker("c", domain.slots), domain) is None


def said(text: str, score: float | None = None, intent: str = "greet") -> UserUttered:
    """A message as the pipeline left it."""
    heard = {"intent": {"name": intent}, **({} if score is None else {"tone": {"message": score}})}
    return UserUttered(text, intent={"name": intent}, parse_data=heard)


def test_the_mood_is_that_of_the_last_messages(domain: Domain) -> None:
    """Buttons sound like nothing; older messages are forgotten."""
    events = [said(str(number), number / 10) for number in range(8)] + [said("/greet")]
    mood = mood_of(DialogueStateTracker.from_events("c", events, domain.slots))
    assert mood == Mood(tuple(Earlier(str(number), number / 10) for number in range(8 - (WINDOW - 1), 8)))


def test_after_the_return_the_mood_starts_anew(domain: Domain) -> None:
    """What was said to the human's predecessor is settled."""
    events = [said("useless", 0.9), said("/returned_by_human", intent="returned_by_human"), said("hello", 0.1)]
    assert mood_of(DialogueStateTracker.from_events("c", events, domain.slots)) == Mood((Earlier("hello", 0.1),))


def test_who_was_handed_over_for_their_tone_is_remembered(domain: Domain) -> None:
    """In a slot, so that it outlives the kept turns."""
    slots = [*domain.slots, AnySlot("upset_handed_over", mappings=[{"type": "custom"}])]
    tracker = DialogueStateTracker.from_events("c", [SlotSet("upset_handed_over", True)], slots)
    assert mood_of(tracker).handed_over

"""Two Rasa projects of different make are imported by the command, trained by the real Rasa, and talked to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.brain.imported_company import ImportedCompany, begin


@pytest.fixture(scope="module")
def restaurant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImportedCompany]:
    """Rasa 3: it needs nothing but the import."""
    folder = tmp_path_factory.mktemp("restaurant") / "company"
    begin(folder, "restaurant")
    yield from _served(folder)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImportedCompany]:
    """Rasa 2: one thing of what the report asks for stops a training, and is done here as a trainer would."""
    folder = tmp_path_factory.mktemp("bank") / "company"
    begin(folder, "bank")
    report = (folder / "from-rasa.md").read_text(encoding="utf-8")
    assert "`domain.yml:95` no class in actions/ is called action_show_balance" in report
    domain = folder / "domain" / "domain.yml"
    domain.write_text(domain.read_text(encoding="utf-8").replace("  - action_show_balance\n", ""), encoding="utf-8")
    yield from _served(folder)


def _served(folder: Path) -> Iterator[ImportedCompany]:
    company = ImportedCompany(folder)
    try:
        company.train()
        company.start()
        yield company
    finally:
        company.stop()


def test_the_restaurants_own_welcome_greets(restaurant: ImportedCompany) -> None:
    """On the website; the variation for another channel is not said here."""
    restaurant.begin()
    assert restaurant.say("ahoy") == ["Welcome to the Lighthouse Kitchen."]


def test_a_form_asks_and_an_action_of_the_restaurants_ends_it(restaurant: ImportedCompany) -> None:
    """Its slot is only filled from words while it is asked for; its check in Python is called."""
    restaurant.begin()
    asked = restaurant.take("I would like to book a table")["replies"][0]
    assert asked["text"] == "Which kitchen would you like to eat from?"
    assert [choice["title"] for choice in asked["choices"]] == ["Thai", "Basque"]
    assert restaurant.say('/inform{"cuisine": "Basque"}')[0] in (
        "How many will you be?",
        "For how many shall we lay the table?",
    )
    (again,) = restaurant.say("two hundred")
    assert "table" in again or "How many" in again
    assert restaurant.say("four") == ["Reserved: Basque, four guests."]


def test_a_condition_chooses_the_variation_of_a_response(restaurant: ImportedCompany) -> None:
    """Members get a drink; a slot's value is part of what a rule asks for, too."""
    restaurant.begin()
    assert restaurant.say("I have a member card") == ["Welcome back to the crew."]
    assert restaurant.say("order a large salad") == ["Lovely, tell me."]
    restaurant.say("I would like to book a table")
    restaurant.say('/inform{"cuisine": "Thai"}')
    assert restaurant.say("four") == ["Reserved: Thai, four guests. Your first drink is on us."]


def test_two_days_in_one_sentence_are_told_apart_by_their_roles(restaurant: ImportedCompany) -> None:
    """As they were marked in the project's examples, and shown as its list has them."""
    restaurant.begin()
    assert restaurant.say("my booking is on friday and I want sunday") == ["Your table moves from Friday to Sunday."]


def test_a_story_goes_on_after_a_no_and_a_no_alone_is_the_products(restaurant: ImportedCompany) -> None:
    """The rule that the import added knows what was asked."""
    restaurant.begin()
    assert restaurant.say("which dishes are vegan") == ["Four dishes on the card are vegan."]
    assert restaurant.say("I want to order soup") == ["Anything else for your evening?"]
    assert restaurant.say("rather not") == ["Then enjoy the view."]
    restaurant.begin()
    assert restaurant.say("rather not") != ["Then enjoy the view."]


def test_what_is_not_the_restaurants_is_handed_over_as_in_every_company(restaurant: ImportedCompany) -> None:
    """The product's own part is there: out of scope, and a person."""
    restaurant.begin()
    assert restaurant.take("who won the match last night")["trace"]["decision"]["kind"] == "out_of_scope"
    assert restaurant.take("can I talk to a person please")["handoff"] is not None


def test_the_banks_greeting_and_goodbye_are_said_under_the_products_intents(bank: ImportedCompany) -> None:
    """Its intent `bye` is the product's goodbye, and its words are said."""
    bank.begin()
    assert bank.say("hello bank") == ["This is the help desk of Millpond Bank."]
    assert bank.say("bye bank") == ["Millpond Bank says goodbye."]


def test_a_form_of_rasa_2_is_filled_as_its_mappings_said(bank: ImportedCompany) -> None:
    """From an entity in the first message, from a yes, and then the story goes on behind its checkpoint."""
    bank.begin()
    assert bank.say("I lost my debit card") == ["Shall we write you a letter about it?"]
    assert bank.say("yes that is right") == ["The card is blocked. Did that help?"]
    assert bank.say("yes it did") == ["Good to hear."]


def test_a_retrieval_intent_is_answered_by_its_own_response(bank: ImportedCompany) -> None:
    """Two questions of one family."""
    bank.begin()
    assert bank.say("are there fees") == ["The account is free with one payment a month."]
    assert bank.say("how do I open an account") == ["Bring a passport and a proof of address to any branch."]


def test_the_other_side_of_an_or_behind_a_checkpoint(bank: ImportedCompany) -> None:
    """A no after the question is the story's; two sentences follow."""
    bank.begin()
    bank.say("I lost my debit card")
    bank.say("yes that is right")
    assert bank.say("no, not really") == ["Then a colleague should look at it. I am passing you to a colleague."]


def test_words_fill_a_slot_of_rasa_2_only_where_the_form_asks_for_it(bank: ImportedCompany) -> None:
    """`from_text`, with intents that do not count."""
    bank.begin()
    assert bank.say("send money") == ["Who gets the money?"]
    assert bank.say("to my sister") == ["How much shall we send?"]
    assert bank.say("40") == ["Sent: 40 to to my sister."]


def test_somebody_of_the_bank_is_a_person_of_the_desk(bank: ImportedCompany) -> None:
    """Its intent `human_handoff` is the product's, with all that goes with it."""
    bank.begin()
    result = bank.take("give me somebody from the branch")
    assert result["handoff"]["reason"]["code"] == "customer_request"

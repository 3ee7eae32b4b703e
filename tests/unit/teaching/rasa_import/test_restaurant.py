"""A Rasa 3 project with its domain in many files comes over with what it has."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.teaching.rasa_import.report import Outcome
from tests.unit.teaching.rasa_import.conftest import COMPANIES, CONFIG, Imported

PROJECT = COMPANIES / "restaurant"


def test_files_that_need_no_change_are_copied_byte_for_byte(restaurant: Imported) -> None:
    """Comments, order and quotation marks stay as they are."""
    for name in (
        "domain/intents.yml",
        "domain/entities.yml",
        "domain/slots.yml",
        "domain/forms.yml",
        "domain/responses/booking.yml",
        "domain/responses/talk.yml",
        "data/nlu/lists.yml",
        "data/rules/booking.yml",
        "data/stories/evening.yml",
        "actions/booking.py",
    ):
        assert (restaurant.folder / name).read_bytes() == (PROJECT / name).read_bytes(), name


def test_what_is_taken_is_counted_with_its_place(restaurant: Imported) -> None:
    """Roles, groups, conditions, variations, channels: none of it goes without a word."""
    for said in (
        "domain/entities.yml:3: 5 entities, with roles and groups.",
        "domain/slots.yml:3: 5 slots.",
        "domain/forms.yml:3: 1 form.",
        "domain/responses/booking.yml:3: 4 responses, with variations, conditions, buttons.",
        "domain/responses/talk.yml:3: 8 responses, with variations, a channel of their own, custom payloads, pictures.",
        "data/nlu/lists.yml:4: 1 synonym, 2 lookup tables, 1 regular expression.",
        "data/rules/booking.yml:3: 4 rules, with active_loop, slot_was_set.",
        "data/stories/evening.yml:3: 2 stories, with or, slot_was_set.",
    ):
        assert said in restaurant.notes(Outcome.TAKEN), restaurant.notes(Outcome.TAKEN)


def test_intents_get_a_title_and_a_kind_and_nothing_else_on_their_lines_changes(restaurant: Imported) -> None:
    """The title is what a customer reads when the assistant asks back."""
    text = restaurant.text("data/nlu/booking.yml")
    assert '  - intent: book_table\n    metadata: {title: "Book table", kind: act}\n    examples: |\n' in text
    assert '    metadata:\n      kind: act\n      title: "Order food"\n      sentiment: neutral\n' in text
    original = (PROJECT / "data/nlu/booking.yml").read_text(encoding="utf-8")
    added = [line for line in text.split("\n") if line not in original.split("\n")]
    assert all("title" in line or "kind" in line for line in added), added


def test_intents_of_the_product_get_no_title_of_their_own(restaurant: Imported) -> None:
    """They are the product's; the project adds examples."""
    assert restaurant.text("data/nlu/talk.yml") == (PROJECT / "data/nlu/talk.yml").read_text(encoding="utf-8")
    assert restaurant.said(Outcome.TAKEN, "affirm, deny, goodbye, greet, inform: the product has these too")


def test_a_welcome_of_its_own_takes_the_place_of_the_products(restaurant: Imported) -> None:
    """Two rules cannot differ; a rule that is called as the product's counts instead of that."""
    rules = {one["rule"]: one["steps"] for one in yaml.safe_load(restaurant.text("data/rules/talk.yml"))["rules"]}
    assert rules["Greet back"] == [{"intent": "greet"}, {"action": "utter_welcome_guest"}]
    assert restaurant.said(Outcome.CHANGED, "data/rules/talk.yml:4:", "“Welcome a guest”", "“Greet back”")


def test_a_rule_that_says_what_the_product_says_stays(restaurant: Imported) -> None:
    """It contradicts nothing."""
    rules = {one["rule"]: one["steps"] for one in yaml.safe_load(restaurant.text("data/rules/talk.yml"))["rules"]}
    assert rules["Goodbye"] == [{"intent": "goodbye"}, {"action": "utter_goodbye"}]


def test_words_for_what_was_not_understood_are_the_products_now(restaurant: Imported) -> None:
    """Nothing says them after nlu_fallback any more; the product's action does."""
    added = yaml.safe_load(restaurant.text("domain/from_rasa.yml"))
    assert added["responses"]["utter_not_understood"] == [{"text": "Anything else for your evening?"}]


def test_a_yes_in_a_story_is_kept_by_a_rule_that_knows_what_was_asked(restaurant: Imported) -> None:
    """The product answers a yes that nothing asked for; after this question the story goes on."""
    rules = yaml.safe_load(restaurant.text("data/rules/from_rasa.yml"))["rules"]
    assert {
        "rule": "After utter_anything_else, affirm",
        "steps": [{"action": "utter_anything_else"}, {"intent": "affirm"}, {"action": "utter_good"}],
    } in rules
    heard = [rule["steps"][1]["intent"] for rule in rules]
    assert heard == ["deny", "goodbye", "affirm"]


def test_tests_of_stories_come_along(restaurant: Imported) -> None:
    """They are Rasa's own kind, and are run as such."""
    name = "tests/stories/test_stories.yml"
    assert restaurant.text(name) == (PROJECT / "tests/test_stories.yml").read_text(encoding="utf-8")


def test_no_value_of_a_secret_file_is_anywhere(restaurant: Imported) -> None:
    """Neither in the company's folder nor in what is said."""
    everything = [path.read_text(encoding="utf-8") for path in restaurant.folder.rglob("*") if path.is_file()]
    assert not any("not-for-anybodys-eyes" in text for text in [*everything, *restaurant.report.sentences()])
    assert restaurant.said(Outcome.LEFT_OUT, "credentials.yml:2: telegram is not copied", "channels.yml")
    assert restaurant.said(Outcome.LEFT_OUT, "endpoints.yml:3: tracker_store is not copied")


def test_each_component_is_told_with_what_does_its_work_here(restaurant: Imported) -> None:
    """With the line of its entry."""
    assert restaurant.said(Outcome.LEFT_OUT, "config.yml:10: DIETClassifier", "the same examples")
    assert restaurant.said(Outcome.LEFT_OUT, "config.yml:18: TEDPolicy", "write a rule or a story")
    assert restaurant.text("config.yml") == CONFIG


def test_the_original_stays_as_it_is(restaurant: Imported) -> None:
    """The folder is only ever read; the report stands beside what was made, not beside what was read."""
    assert not (PROJECT / "from-rasa.md").exists()
    assert (
        Path(restaurant.folder / "from-rasa.md").read_text(encoding="utf-8").startswith("# What became of restaurant")
    )


def test_the_companys_own_domain_moves_to_the_projects(restaurant: Imported) -> None:
    """Rasa reads domain.yml or the folder, never both."""
    assert not (restaurant.folder / "domain.yml").exists()
    assert "session_expiration_time: 0" in restaurant.text("domain/company.yml")

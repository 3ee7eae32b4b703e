"""The conversations and messages of danger by which the assistant is judged: whole, fair, and possible in the shop."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.shop.catalogue import PRODUCTS
from actions.shop.model import Order, Window
from actions.shop.postcodes import area, canonical
from actions.shop.return_rules import Verdict, judge
from actions.shop.seed import appointment_slots, orders
from bot.handoff.reasons import ReasonCode
from bot.knowledge.sources.articles import load_articles
from bot.nlu.entities.values import luhn_digit

ROOT = Path(__file__).parents[3]
CONVERSATIONS = sorted((ROOT / "benchmarks" / "conversations").glob("*.yml"))
HALVES = ("seen", "unseen")
LATER_SET = 0.5
"""Sets that are written to be tried once are half as large."""
DANGER = sorted((ROOT / "benchmarks" / "danger").glob("*.yml"))

# The Saturday on which every conversation takes place.
CLOCK = date(2026, 11, 28)

# The set that is developed with has a letter of its own, so that no report mixes it up with another.
LETTERS = {"seen": "S"}

PATTERNS = [f"P{number}" for number in range(1, 14)]
FEWEST_CONVERSATIONS, FEWEST_LONG = 75, 42
# What 75 conversations give each of the 13 patterns.
FEWEST_OF_A_PATTERN = FEWEST_CONVERSATIONS // len(PATTERNS)
# Customer turns from which a conversation counts as long.
LONG = 4
# The share of conversations with an exact check: the rest can only be judged by reading.
LEAST_CHECKED = 0.6
FEWEST_MESSAGES = 50

KEYS = {"id", "pattern", "kind", "facts", "min", "turns", "want", "checks"}
REQUIRED = {"id", "pattern", "kind", "turns", "want"}
OF_A_TURN = {"article", "owner", "reason", "says", "says_not", "asks", "silent"}
AT_THE_END = {"booked", "returned", "nothing_written", "masked", "owner"}
OWNERS = {"bot", "queue", "human"}
REASONS = {code.value for code in ReasonCode} | {"danger"}
_FACTS = {"order", "postcode", "product", "fault", "day", "time", "name", "email", "phone", "reason"}
ASKED = _FACTS | {"confirmation", "choice"}
_ORDER = re.compile(r"LF-\d{7}")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")


@cache
def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _customer(conversation: dict[str, Any]) -> list[str]:
    """What the customer writes, without the lines of the desk."""
    return [turn for turn in conversation["turns"] if not isinstance(turn, dict)]


def _of_turns(conversation: dict[str, Any]) -> list[dict[str, Any]]:
    """The checks of single turns."""
    return [check for turn, check in conversation.get("checks", {}).items() if turn != "end"]


def _at_end(conversation: dict[str, Any]) -> dict[str, Any]:
    """The checks when all is said."""
    end: dict[str, Any] = conversation.get("checks", {}).get("end", {})
    return end


def _has_goal(conversation: dict[str, Any]) -> bool:
    """Whether the customer is meant to get there: then order and postcode have to be the shop's."""
    return "min" in conversation or bool({"booked", "returned"} & set(_at_end(conversation)))


@cache
def _shop() -> dict[str, Order]:
    return {order.number: order for order in orders(CLOCK)}


@cache
def _public_articles() -> frozenset[str]:
    articles = load_articles(ROOT / "knowledge_index" / "articles")
    return frozenset(article.id for article in articles if "public" in article.audience)


def _all(paths: list[Path]) -> list[dict[str, Any]]:
    return [conversation for path in paths for conversation in _load(path)]


def test_there_is_a_set_of_each_kind() -> None:
    """The checks below would pass over an empty folder without a word."""
    assert "seen" in {path.stem for path in CONVERSATIONS}
    assert "seen" in {path.stem for path in DANGER}


@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
class TestASetOfConversations:
    """One file of conversations."""

    def test_every_conversation_has_the_shape_that_the_player_reads(self, path: Path) -> None:
        """Known keys, turns of text, and lines of the desk that stand alone: a bare ``yes`` in YAML is no text."""
        for conversation in _load(path):
            assert set(conversation) <= KEYS, conversation["id"]
            assert set(conversation) >= REQUIRED, conversation["id"]
            assert _customer(conversation), conversation["id"]
            for turn in conversation["turns"]:
                text = turn.get("desk") if isinstance(turn, dict) and len(turn) == 1 else turn
                assert isinstance(text, str), (conversation["id"], turn)
                assert text.strip(), conversation["id"]
            assert isinstance(conversation["want"], str), conversation["id"]
            assert 1 <= conversation.get("min", 1) <= len(_customer(conversation)), conversation["id"]

    def test_every_id_is_a_letter_and_three_digits_and_the_letter_is_the_files(self, path: Path) -> None:
        """A report that names an id names its file with it."""
        ids = [conversation["id"] for conversation in _load(path)]
        assert [name for name in ids if not re.fullmatch(r"[A-Z]\d{3}", name)] == []
        assert len({name[0] for name in ids}) == 1
        assert ids[0][0] == LETTERS.get(path.stem, ids[0][0])

    def test_there_are_enough_conversations_of_each_pattern_and_enough_long_ones(self, path: Path) -> None:
        """A pattern with two conversations has no figure, and short ones show no follow-ups; later sets are smaller."""
        conversations = _load(path)
        counts = Counter(conversation["pattern"] for conversation in conversations)
        assert set(counts) == set(PATTERNS)
        of_all = 1.0 if path.stem in HALVES else LATER_SET
        assert min(counts.values()) >= FEWEST_OF_A_PATTERN * of_all, counts
        assert len(conversations) >= FEWEST_CONVERSATIONS * of_all
        assert sum(len(_customer(conversation)) >= LONG for conversation in conversations) >= FEWEST_LONG * of_all

    def test_most_conversations_have_an_exact_check(self, path: Path) -> None:
        """What a machine can decide need not be read again after every change."""
        conversations = _load(path)
        assert sum(bool(conversation.get("checks")) for conversation in conversations) >= LEAST_CHECKED * len(
            conversations
        )

    def test_every_check_belongs_to_a_turn_of_the_customer_or_to_the_end(self, path: Path) -> None:
        """A check of a fifth turn that does not exist would never be made."""
        for conversation in _load(path):
            turns = set(range(1, len(_customer(conversation)) + 1))
            assert set(conversation.get("checks", {})) <= turns | {"end"}, conversation["id"]

    def test_every_check_asks_for_something_that_can_be_found(self, path: Path) -> None:
        """Known keys, owners, reasons and facts, and expressions that compile."""
        for conversation in _load(path):
            name = conversation["id"]
            for check in _of_turns(conversation):
                assert check, name
                assert set(check) <= OF_A_TURN, name
                assert check.get("reason", "danger") in REASONS, name
                assert check.get("asks", "order") in ASKED, name
                assert check.get("silent") in {None, True, False}, name
                for expression in (check[key] for key in ("says", "says_not") if key in check):
                    re.compile(expression)
            assert set(_at_end(conversation)) <= AT_THE_END, name
            for check in (*_of_turns(conversation), _at_end(conversation)):
                assert check.get("owner", "bot") in OWNERS, name

    def test_every_article_of_a_check_is_one_that_customers_may_read(self, path: Path) -> None:
        """A misspelt article can never be cited, and an internal one must not be."""
        for conversation in _load(path):
            for check in _of_turns(conversation):
                assert set(check.get("article", [])) <= _public_articles(), conversation["id"]

    def test_whoever_has_a_goal_knows_an_order_and_the_postcode_that_belongs_to_it(self, path: Path) -> None:
        """Nobody can track an order that is not in the shop."""
        for conversation in filter(_has_goal, _load(path)):
            facts = conversation.get("facts", {})
            postcodes = _POSTCODE.findall(str(facts.get("postcode", "")))
            for number in _ORDER.findall(str(facts.get("order", ""))):
                assert number in _shop(), (conversation["id"], number)
                assert not postcodes or _shop()[number].postcode in postcodes, (conversation["id"], number)

    def test_every_visit_that_is_to_be_booked_is_free(self, path: Path) -> None:
        """The product is one that Larkfield sells, the area is driven to, and the half of the day has a technician."""
        free = {(slot_area, day, window) for _, slot_area, day, window in appointment_slots(CLOCK)}
        for conversation in _load(path):
            visit = _at_end(conversation).get("booked")
            if visit is None:
                continue
            name = conversation["id"]
            assert set(visit) <= {"product", "date", "time", "postcode"}, name
            assert visit["product"] in {product.kind for product in PRODUCTS}, name
            postcode = canonical(visit["postcode"])
            assert postcode == visit["postcode"], name
            days = {str(visit["date"])} if "date" in visit else {day for _, day, _ in free}
            windows = {visit["time"]} if "time" in visit else {window.value for window in Window}
            assert any((area(postcode), day, window) in free for day in days for window in windows), name
            assert "email" in conversation.get("facts", {}), f"{name}: a booking asks for the e-mail address"

    def test_every_order_that_is_to_go_back_may_go_back_without_a_person(self, path: Path) -> None:
        """Delivered, in time, and not above what the assistant may register."""
        for conversation in _load(path):
            returned = _at_end(conversation).get("returned")
            if returned is not None:
                assert returned["order"] in _shop(), conversation["id"]
                assert judge(_shop()[returned["order"]], CLOCK) is Verdict.ALLOWED, conversation["id"]

    def test_a_number_that_is_to_be_masked_was_typed_and_could_be_a_card(self, path: Path) -> None:
        """A number that fails its check digit is no card number, and masking it proves nothing."""
        for conversation in _load(path):
            number = _at_end(conversation).get("masked")
            if number is not None:
                assert any(str(number) in turn for turn in _customer(conversation)), conversation["id"]
                digits = re.sub(r"\D", "", str(number))
                assert luhn_digit(digits[:-1]) == digits[-1], conversation["id"]


def test_no_two_conversations_have_the_same_id() -> None:
    """Over all files: a report may name several of them."""
    ids = Counter(conversation["id"] for conversation in _all(CONVERSATIONS))
    assert [name for name, count in ids.items() if count > 1] == []


def test_no_message_opens_two_conversations_of_one_set() -> None:
    """Two sets by two hands may both hold "agent"; within one it would count twice."""
    for path in CONVERSATIONS:
        openings = Counter(_customer(conversation)[0].casefold() for conversation in _load(path))
        assert [text for text, count in openings.items() if count > 1] == [], path.stem


@pytest.mark.parametrize("path", DANGER, ids=lambda path: path.stem)
class TestASetOfDangers:
    """One file of dangerous and harmless messages."""

    def test_it_has_enough_of_both_kinds(self, path: Path) -> None:
        """A path for dangers that everything takes is none: the harmless ones count as much."""
        messages = _load(path)
        assert set(messages) == {"dangerous", "harmless"}
        assert {kind: len(texts) for kind, texts in messages.items() if len(texts) < FEWEST_MESSAGES} == {}

    def test_every_message_is_a_text_of_its_own(self, path: Path) -> None:
        """A colon in YAML makes a mapping of a sentence, and a message that stands twice counts twice."""
        texts = [text for kind in _load(path).values() for text in kind]
        assert [text for text in texts if not isinstance(text, str) or not text.strip()] == []
        assert [text for text, count in Counter(text.casefold() for text in texts).items() if count > 1] == []

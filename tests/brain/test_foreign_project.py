"""Another company's training data, as Rasa takes it: trained, read and answered without a change to it.

Its files lie in folders of its own, its intents have no metadata, it marks cities with roles, and it has retrieval
intents with their responses among the training data.
"""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.model_training import train

from bot.brain import artefacts
from tests.brain.small_project import NLU, write_project

CITIES = ("New York", "Oslo", "Rome", "Lima", "Bern", "Cork", "Nice", "Riga")

FLIGHTS = """version: "3.1"
nlu:
  - intent: find_flight
    examples: |
{examples}
  - intent: faq/parking
    examples: |
      - where can I park my car
      - is there parking near the shop
      - parking places
  - intent: faq/dogs
    examples: |
      - may I bring my dog
      - are dogs welcome in the shop
      - is a dog welcome
  - lookup: airline
    examples: |
      - Blue Heron
responses:
  utter_faq/parking: [{{text: "Behind the shop."}}]
  utter_faq/dogs: [{{text: "Dogs are welcome."}}]
"""
WHAT_FOLLOWS = """version: "3.1"
rules:
  - rule: flights
    steps: [{intent: find_flight}, {action: utter_flight}]
  - rule: faq
    steps: [{intent: faq}, {action: utter_faq}]
"""
DOMAIN = """
intents: [find_flight, faq]
entities:
  - city: {roles: [from, to]}
  - airline
slots:
  departure:
    type: text
    influence_conversation: false
    mappings: [{type: from_entity, entity: city, role: from}]
  destination:
    type: text
    influence_conversation: false
    mappings: [{type: from_entity, entity: city, role: to}]
responses:
  utter_flight: [{text: "From {departure} to {destination}."}]
"""


def marked(city: str, role: str) -> str:
    return f'[{city}]{{"entity": "city", "role": "{role}"}}'


@pytest.fixture(scope="module")
def agent(small_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Agent:
    """Its model, trained from folders of its own."""
    root = tmp_path_factory.mktemp("foreign")
    write_project(root)
    (root / "data" / "nlu.yml").unlink()
    folder = root / "data" / "what" / "they" / "say"
    folder.mkdir(parents=True)
    (folder / "all.yaml").write_text(re.sub(r"    metadata: .*\n", "", NLU), encoding="utf-8")
    lines = [f"from {marked(one, 'from')} to {marked(other, 'to')}" for one, other in itertools.pairwise(CITIES)] + [
        f"a flight to {marked(one, 'to')} from {marked(other, 'from')}"
        for one, other in zip(CITIES, CITIES[2:], strict=False)
    ]
    examples = "\n".join(f"      - {line}" for line in lines)
    (folder / "flights.yml").write_text(FLIGHTS.format(examples=examples), encoding="utf-8")
    (root / "data" / "follows.yml").write_text(WHAT_FOLLOWS, encoding="utf-8")
    parts = root / "domain"
    parts.mkdir()
    (root / "domain.yml").rename(parts / "core.yml")
    (parts / "flights.yml").write_text(DOMAIN, encoding="utf-8")
    before = Path.cwd()
    os.chdir(root)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(artefacts, "articles_folder", lambda: root / "knowledge_index" / "articles")
            result = train(
                "domain",
                "config.yml",
                ["data/what", "data/follows.yml", "data/rules.yml", "data/stories.yml"],
                output="models",
            )
    finally:
        os.chdir(before)
    assert result.code == 0
    return Agent.load(str(root / result.model))


async def answers(agent: Agent, text: str, sender: str) -> list[str]:
    """What the assistant says to somebody new."""
    channel = CollectingOutputChannel()
    await agent.handle_message(UserMessage(text, output_channel=channel, sender_id=sender))
    return [message["text"] for message in channel.messages]


async def test_roles_fill_the_slots_that_ask_for_them(agent: Agent) -> None:
    """The value is written as the trainers wrote it."""
    heard = await agent.processor.parse_message(UserMessage("a flight from oslo to new york"))
    cities = [(entity["value"], entity["role"]) for entity in heard["entities"] if entity["entity"] == "city"]
    assert cities == [("Oslo", "from"), ("New York", "to")]
    assert await answers(agent, "a flight from oslo to new york", "roles") == ["From Oslo to New York."]


async def test_a_listed_value_is_as_it_was_listed(agent: Agent) -> None:
    heard = await agent.processor.parse_message(UserMessage("a flight from oslo to rome with BLUE heron"))
    assert ("airline", "Blue Heron") in [(entity["entity"], entity["value"]) for entity in heard["entities"]]


@pytest.mark.parametrize(
    ("asked", "answer"), [("where can I park", "Behind the shop."), ("is my dog welcome", "Dogs are welcome.")]
)
async def test_a_retrieval_intent_is_answered_by_its_own_response(agent: Agent, asked: str, answer: str) -> None:
    assert await answers(agent, asked, asked) == [answer]


async def test_an_intent_without_metadata_acts_where_a_rule_leads_on_from_it(agent: Agent) -> None:
    heard = await agent.processor.parse_message(UserMessage("a flight from oslo to rome"))
    assert heard["decision"]["kind"] == "act"
    assert heard["intent"]["name"] == "find_flight"


async def test_an_intent_without_metadata_and_rule_is_answered_by_articles(agent: Agent) -> None:
    heard = await agent.processor.parse_message(UserMessage("when are you open on Sunday"))
    assert heard["intent_ranking"][0]["name"] == "opening_hours"
    assert heard["intent"]["name"] == "knowledge_question"

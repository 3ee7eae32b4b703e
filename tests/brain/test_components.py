"""One contract for all components of the pipeline."""

from __future__ import annotations

import json
import pickletools
import tarfile
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.entities import WarmlineEntities
from bot.brain.components.message_keys import ENTITY_KINDS
from bot.brain.quiet import sentence_of
from bot.dialogue import current_turn
from bot.dialogue.form_input import Filling, OpenForm
from bot.errors import SettingError
from bot.nlu.entities.reader import EntityFinder, Settings, Taught
from bot.nlu.intents.promise import of_model

PUBLIC_KEYS = {"text", "intent", "intent_ranking", "entities", "scope", "knowledge", "decision"}


@pytest.fixture(scope="module")
def agent(model: Path) -> Agent:
    """The small project's model, loaded."""
    return Agent.load(str(model))


async def read(agent: Agent, text: str, **attributes: Any) -> dict[str, Any]:
    """What the pipeline leaves on a message of a customer with these attributes."""
    return await agent.processor.parse_message(UserMessage(text, metadata={"customer": {"attributes": attributes}}))


@pytest.mark.parametrize("row", ["[" * 3900, " " * 3900, "\n" * 3900, "😀" * 3900, "a" * 3900, "oh " * 1300])
async def test_the_whole_message_is_kept_though_a_part_of_it_is_read(agent: Agent, row: str) -> None:
    """Who looks at it later, a form or a human, has what was typed; entities stand where they were typed."""
    text = f"my oven leaks {row} call me tomorrow at 9"
    heard = await read(agent, text)
    assert heard["text"] == text
    typed = {text[entity["start"] : entity["end"]] for entity in heard["entities"]}
    assert row == "oh " * 1300 or "tomorrow" in typed


def test_a_trained_model_says_what_it_promises_to_who_has_no_rasa(model: Path) -> None:
    """Nothing, since the small project sets no budget; a model that does not say is refused."""
    assert of_model(model) is None


async def test_a_message_carries_all_results_as_plain_json(agent: Agent) -> None:
    """They travel to the action server as they are."""
    found = await read(agent, "when are you open on Sunday")
    assert set(found) >= PUBLIC_KEYS
    assert not [key for key in found if key.startswith("warmline_")]
    assert json.loads(json.dumps(found))["intent"]["name"] == "knowledge_question"


async def test_the_ranking_stays_as_it_was_read(agent: Agent) -> None:
    """The rules see a decision, the trace shows the reading."""
    found = await read(agent, "when are you open on Sunday")
    assert found["intent_ranking"][0]["name"] == "opening_hours"
    assert found["decision"]["kind"] == "answer"


async def test_an_answer_is_a_place_in_an_article(agent: Agent) -> None:
    """Whoever holds the index can quote it word for word."""
    found = await read(agent, "when are you open on Sunday")
    answer = found["knowledge"]["answer"]
    assert answer["article"] == "opening-hours"
    assert answer["version"] == artefacts.index().version("opening-hours")
    quotes = [artefacts.index().text("opening-hours", one["start"], one["end"]) for one in answer["quotes"]]
    assert any("11am to 5pm" in quote for quote in quotes)
    assert answer["id"] in {passage["id"] for passage in found["knowledge"]["passages"]}


async def test_an_internal_article_is_never_among_the_passages(agent: Agent) -> None:
    """Not even for its own words."""
    found = await read(agent, "staff may give 30 pounds as goodwill without asking")
    assert "goodwill" not in {passage["article"] for passage in found["knowledge"]["passages"]}


async def test_a_danger_goes_before_whatever_else_was_read(agent: Agent) -> None:
    """P1: the mark for the action, the decision for the rules, the step for the trace."""
    found = await read(agent, "there is smoke coming out of my oven, when are you open on Sunday")
    assert found["danger"]["kind"] == "fire"
    assert (found["decision"]["kind"], found["intent"]["name"]) == ("danger", "danger")
    assert found["steps"][0]["name"] == "danger"
    assert "danger" not in await read(agent, "there is no smoke, when are you open on Sunday")


async def test_a_foreign_message_bears_its_language_and_an_english_one_no_mark(agent: Agent) -> None:
    """The decision follows from it."""
    found = await read(agent, "gdzie jest moja paczka")
    assert found["language"]["code"] == "pl"
    assert found["decision"]["kind"] == "other_language"
    assert "language" not in await read(agent, "when are you open on Sunday")


async def test_every_message_bears_its_tone(agent: Agent) -> None:
    """With ``hand_over: false`` it decides nothing."""
    found = await read(agent, "you are useless and a disgrace 3")
    assert found["tone"]["message"] > (await read(agent, "thank you 3"))["tone"]["message"]
    assert found["decision"]["kind"] != "upset"


async def test_an_article_for_a_segment_is_found_for_its_customers_alone(agent: Agent) -> None:
    """And no attribute makes a customer a colleague."""

    async def articles(text: str, **attributes: Any) -> set[str]:
        found = await read(agent, text, **attributes)
        return {passage["article"] for passage in found["knowledge"]["passages"]}

    question = "traders buy pallets of kettles at half the list price"
    assert "pallets" not in await articles(question)
    assert "pallets" not in await articles(question, segments=["school"])
    assert "pallets" in await articles(question, segments=["trade"])
    assert "goodwill" not in await articles("goodwill staff may give 30 pounds", segments=["trade", "internal"])


async def test_entities_bear_their_place_and_their_finder(agent: Agent) -> None:
    """Rasa's own tools look for both."""
    found = await read(agent, "my oven")
    (entity,) = found["entities"]
    assert (entity["entity"], entity["value"], entity["start"], entity["end"]) == ("product", "oven", 3, 7)
    assert entity["extractor"] == "WarmlineEntities"


async def test_what_is_ruled_out_stands_beside_what_is_wanted(agent: Agent) -> None:
    """D6, kind 2: `entities` fill slots; what was excluded is no slot's, and what was typed is kept."""
    found = await read(agent, "not on monday, i can\u2019t do that")
    assert found["entities"] == []
    (day,) = found["ruled_out"]
    assert (day["entity"], day["start"], day["end"]) == ("date", 7, 13)
    assert found["typed"] == "not on monday, i can\u2019t do that"


@pytest.mark.parametrize(("asked", "taken"), [(None, []), ("product", []), ("plot", ["plot"])])
def test_a_doubtful_value_counts_only_where_it_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, asked: str | None, taken: list[str]
) -> None:
    """D4, kind 2: the open form says what was asked; "S1 2nd" has the shape of a pattern and of ordinary words."""
    finder = EntityFinder(Taught(regexes=[("plot", r"[A-Z]\d \d[a-z]{2}")]), Settings("Europe/London", "GB"))
    form = None if asked is None else OpenForm("some_form", asked, (Filling(asked),))
    monkeypatch.setattr(current_turn, "open_form", lambda: form)
    message = Message({TEXT: "it is S1 2nd"})
    component = WarmlineEntities(WarmlineEntities.get_default_config(), None, None, finder)
    (heard,) = component.process([message])
    assert [entity["entity"] for entity in heard.get("entities")] == taken


def test_the_kind_of_a_value_goes_along_where_its_name_does_not_say_it() -> None:
    """With the value itself, and for whoever looks at what an open form asks for."""
    finder = EntityFinder(Taught(), Settings("America/Chicago", "US", kinds={"zip": "postcode"}))
    component = WarmlineEntities(WarmlineEntities.get_default_config(), None, None, finder)
    (heard,) = component.process([Message({TEXT: "zip 90210 on 12/3"})])
    assert [(one["entity"], one.get("kind")) for one in heard.get("entities")] == [("zip", "postcode"), ("date", None)]
    assert heard.get(ENTITY_KINDS) == {"zip": "postcode"}


@pytest.mark.parametrize("missing", ["country", "timezone"])
def test_nothing_is_learned_about_a_company_that_is_nowhere(missing: str) -> None:
    """Rasa's own training command does not look at config.yml before; it stops with the setting that is missing."""
    config = {**WarmlineEntities.get_default_config(), "country": "NZ", "timezone": "Pacific/Auckland", missing: None}
    with pytest.raises(SettingError, match=f"has no {missing}"):
        WarmlineEntities(config, None, None).learn(TrainingData())


async def test_a_button_passes_untouched(agent: Agent) -> None:
    """It is not language: Rasa's last component reads it."""
    found = await read(agent, '/inform{"product": "oven"}')
    assert found["intent"] == {"name": "inform", "confidence": 1.0}
    assert "knowledge" not in found


async def test_a_sentence_is_encoded_once(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the dearest step of a turn."""
    encoder = artefacts.encoder()
    encoded: list[str] = []
    original = encoder.encode
    monkeypatch.setattr(encoder, "encode", lambda texts: encoded.extend(texts) or original(texts))
    await read(agent, "hello there")
    assert encoded == ["hello there"]


def test_nothing_in_a_model_runs_code_when_it_is_loaded(model: Path, tmp_path: Path) -> None:
    """A model may come from another machine."""
    with tarfile.open(model) as archive:
        archive.extractall(tmp_path)
    ours = [path for path in tmp_path.rglob("*") if path.is_file() and "Warmline" in str(path)]
    assert ours
    for path in ours:
        assert path.suffix in (".json", ".npz"), path
        with pytest.raises(Exception, match=r".*"):
            list(pickletools.genops(path.read_bytes()))


def test_a_model_that_was_trained_with_another_encoder_is_refused_with_the_command(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At start, in a sentence."""
    monkeypatch.setattr(artefacts, "encoder_fingerprint", lambda: "another-one")
    with pytest.raises(Exception) as refused:  # noqa: PT011 - Rasa wraps it
        Agent.load(str(model))
    sentence = sentence_of(refused.value)
    assert sentence is not None
    # The articles' index is looked at first; it was built with the same one.
    assert "encoder" in sentence
    assert "another" in sentence
    assert "`make train`" in sentence

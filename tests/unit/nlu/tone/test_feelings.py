"""What moves a customer is read from trainers' phrases; the product ships some, a company writes its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.nlu.tone.complaints import tells_what
from bot.nlu.tone.feelings import Feelings, read_feelings


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Feelings:
    """What a company has that writes nothing of its own."""
    return Feelings(read_feelings(tmp_path_factory.mktemp("tone")))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("your engineer was brilliant, thank him from me", "praise"),
        ("your engineer was brilliant but it still leaks", None),
        ("the engineer was not helpful", None),
        ("just wanted to say the two lads who brought it on Friday were absolute stars", "praise"),
        ("that's the second time your technician hasn't turned up", "complaint"),
        ("my husband passed away in March", "bereavement"),
        ("my husband is passing by the shop", None),
        ("the oven died yesterday", None),
        ("I want to make a complaint", "complaint"),
        ("thanks for nothing", "sarcasm"),
        ("thanks for everything", None),
        ("oh great, another broken promise", "sarcasm"),
        ("great, another question then", None),
        ("oh lovely, another room that isn't ready", "sarcasm"),
        ("fantastic, the bus was late again", "sarcasm"),
        ("brilliant, a date that came and went", "sarcasm"),
        ("fine, I'll just sleep in the lobby for weeks until a room is free", "sarcasm"),
        ("sure, I'll just wait until Friday then", None),
        ("brilliant delivery, not a minute late", "praise"),
        ("you're an absolute star", "praise"),
        ("magic, that's done it", "praise"),
        ("you useless bot", "insult"),
        ("this useless oven", None),
        ("my solicitor will be in touch", "threat"),
        ("when will it be delivered", None),
        ("oh brilliant, another delivery date that came and went. love that for me", "sarcasm"),
        ("oh lovely, the room was given away and nobody said", "sarcasm"),
        ("wow great, my card is blocked yet again", "sarcasm"),
        ("sure, i'll just wash my clothes in the river for two weeks", "sarcasm"),
        ("sure I'll just take the Monday", None),
        ("oh great, see you on Friday", None),
        ("Just wanted to say the two lads who brought my fridge on Tuesday were brilliant", "praise"),
        ("the woman who took my call about the mortgage was so kind", "praise"),
        ("You're an angel. See you on the third floor", "praise"),
        ("you are such a star", "praise"),
        ("sorry to be a pain. baby's 9 days old and i keep crying at it", "distress"),
        ("I'm so overwhelmed, I don't know where to start", "distress"),
        ("the baby is crying because the cot is late", None),
    ],
)
def test_the_products_phrases(shipped: Feelings, text: str, kind: str | None) -> None:
    """The same words about a machine, taken back, or in a question are no feeling."""
    found = shipped.read(text)
    assert (found.kind if found else None) == kind


def test_cheerful_words_that_sound_upset_are_sarcasm_and_no_praise(shipped: Feelings) -> None:
    """How a message sounds is for the trained model to say."""
    meant = shipped.read("your team went above and beyond", 0.9)
    assert meant is not None
    assert meant.kind == "praise"
    text = "Brilliant service, really brilliant"
    assert [found.kind for found in (shipped.read(text), shipped.read(text, 0.9)) if found] == ["praise", "sarcasm"]


def test_what_weighs_more_comes_first(shipped: Feelings) -> None:
    """A death goes before praise and before a threat."""
    found = shipped.read("my late mother loved your lovely engineer, and her solicitor will write to you")
    assert found is not None
    assert found.kind == "bereavement"


def test_a_company_writes_its_own_phrases_and_words(tmp_path: Path) -> None:
    """They replace the product's of that kind; other files of the folder are left alone."""
    (tmp_path / "a.yml").write_text("tone: {calm: [hello]}\n")
    (tmp_path / "b.yml").write_text(
        "feelings:\n  words: {kin: [gerbil]}\n  praise: ['{good} bird']\n  unless: {praise: [yet]}\n"
    )
    own = Feelings(read_feelings(tmp_path))
    kinds = {text: own.read(text) for text in ("lovely bird", "lovely bird yet", "lovely engineer", "my gerbil died")}
    assert [found.kind if found else None for found in kinds.values()] == ["praise", None, None, "bereavement"]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("feelings:\n  joy: [hurray]\n", r"own\.yml:2: there is no feeling 'joy'"),
        ("feelings:\n  praise:\n  - fine\n  - '{nobody} sang'\n", r"own\.yml:4: .*no list of words 'nobody'"),
        ("feelings:\n  praise: hurray\n", r"own\.yml:2: this is not a list"),
        ("feelings: [\n", r"own\.yml:\d: this is not YAML"),
        ("feelings:\n  words:\n    kin: 3\n", r"own\.yml:3: this is not a list"),
    ],
)
def test_a_mistake_stops_the_training_with_its_line(tmp_path: Path, written: str, message: str) -> None:
    """It never means that nobody mourns."""
    (tmp_path / "own.yml").write_text(written)
    with pytest.raises(ContentError, match=message):
        read_feelings(tmp_path)


def test_what_was_written_is_what_is_read_again(shipped: Feelings, tmp_path: Path) -> None:
    """A model holds its phrases."""
    shipped.save(tmp_path)
    assert Feelings.load(tmp_path).written == shipped.written


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("I want to make a formal complaint about your company", False),
        ("this is a disgrace", False),
        ("how do I complain", False),
        ("your driver left the gate open and the dog ran off", True),
        ("the fitter scratched our floor", True),
    ],
)
def test_whether_a_complaint_says_what_happened(text: str, tells: bool) -> None:
    """Who has said it is not asked again."""
    assert tells_what(text) is tells

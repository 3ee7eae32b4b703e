"""Any hand-off that a brain could ask for, and many that it should not."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from bot.handoff.reasons import ReasonCode
from bot.handoff.request import ActionTried, HandoffRequest, Intent, KnowledgeTried, OpenForm, Reading, Slot
from bot.handoff.summary import Line
from tests.unit.handoff.examples import START

# Every character, halves of surrogate pairs and NUL included, and now and then a text of some thousands.
texts = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=4), st.integers(1, 3_000)),
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)
readings = st.builds(Reading, texts, numbers)
requests = st.builds(
    HandoffRequest,
    code=st.sampled_from(ReasonCode),
    evidence=texts,
    last_question=texts,
    intent=st.none() | st.builds(Intent, texts, numbers, st.lists(readings, max_size=6).map(tuple)),
    slots=st.dictionaries(texts, st.builds(Slot, json_values, st.booleans()), max_size=6),
    open_form=st.none() | st.builds(OpenForm, texts, st.lists(texts, max_size=6).map(tuple)),
    knowledge_tried=st.lists(st.builds(KnowledgeTried, texts, texts, numbers, st.booleans()), max_size=6).map(tuple),
    actions_tried=st.lists(st.builds(ActionTried, texts, st.booleans(), st.none() | texts), max_size=6).map(tuple),
    language=st.none() | st.sampled_from(["pl", "ur", "und"]),
)
transcripts = st.lists(st.tuples(st.sampled_from(["customer", "bot", "human", "system"]), texts), max_size=30).map(
    lambda said: [
        Line(place + 1, START + timedelta(seconds=place), author, "message", text)
        for place, (author, text) in enumerate(said)
    ]
)

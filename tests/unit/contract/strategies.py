"""Messages of every kind, for Hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bot.contract import result, search, trace, turn
from bot.contract.outcome import ActionOutcome

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
WORD = TEXT.filter(lambda text: bool(text.strip()))
SCORE = st.floats(0, 1)
# JSON knows no difference between 1 and 1.0 that matters to anybody here.
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(TEXT, JSON, max_size=3)

CUSTOMERS = st.builds(
    turn.Customer,
    id=st.none() | TEXT,
    name=st.none() | TEXT,
    verified=st.booleans(),
    attributes=OBJECTS,
    origin=st.none() | TEXT,
)
INPUTS = st.one_of(
    st.builds(turn.TextInput, text=TEXT),
    st.builds(turn.ChoiceInput, payload=WORD, title=TEXT),
    st.builds(turn.EventInput, name=st.just("returned_by_human"), data=OBJECTS),
)
TURNS = st.builds(
    turn.Turn,
    conversation_id=WORD,
    message_id=WORD,
    channel=WORD,
    locale=WORD,
    customer=CUSTOMERS,
    input=INPUTS,
    state=st.none() | OBJECTS,
    shadow=st.booleans(),
)
REPLIES = st.builds(
    result.Reply,
    text=st.none() | TEXT,
    format=st.none() | TEXT,
    choices=st.none() | st.lists(st.builds(result.Choice, title=TEXT, payload=TEXT), max_size=2),
    citation=st.none() | st.builds(result.Citation, article=TEXT, title=st.none() | TEXT, url=st.none() | TEXT),
)
RESULTS = st.builds(
    result.TurnResult,
    message_id=TEXT,
    replies=st.lists(REPLIES, max_size=2),
    handoff=st.none() | OBJECTS,
    state=st.none() | OBJECTS,
    trace=st.none() | OBJECTS,
)
READINGS = st.builds(trace.Reading, name=st.none() | TEXT, confidence=st.none() | SCORE)
DECISIONS = st.builds(trace.Decision, kind=TEXT, why=TEXT, choices=st.lists(TEXT, max_size=2))
ENTITIES = st.builds(trace.EntitySeen, entity=TEXT, value=JSON, start=st.none() | st.integers(0, 99))
PARTS = st.builds(trace.Part, text=st.none() | TEXT, intent=st.none() | READINGS, decision=st.none() | DECISIONS)
TRACES = st.builds(
    trace.Trace,
    intent=st.none() | READINGS,
    ranking=st.lists(READINGS, max_size=2),
    scope=st.none() | st.builds(trace.ScopeSeen, in_scope=st.booleans(), score=SCORE, reason=TEXT),
    language=st.none() | st.builds(trace.LanguageSeen, code=TEXT, why=TEXT),
    tone=st.none() | st.builds(trace.Tone, message=SCORE, trend=SCORE, upset=st.booleans()),
    entities=st.lists(ENTITIES, max_size=2),
    knowledge=st.lists(st.builds(trace.PassageSeen, article=TEXT, heading=TEXT, score=SCORE), max_size=2),
    decision=st.none() | DECISIONS,
    actions=st.lists(st.builds(ActionOutcome, name=TEXT, ok=st.booleans(), error=st.none() | TEXT), max_size=2),
    form=st.none() | st.builds(trace.FormOpen, name=TEXT, asks=st.none() | TEXT),
    model=st.none() | TEXT,
    milliseconds=st.dictionaries(TEXT, SCORE, max_size=2),
    parts=st.lists(PARTS, max_size=2),
    chose=st.builds(trace.Chosen, title=TEXT, payload=TEXT),
)
SEARCHES = st.builds(search.Search, query=WORD, limit=st.integers(1, search.MOST_RESULTS))
FOUND = st.builds(
    search.Found,
    article=TEXT,
    title=TEXT,
    heading=TEXT,
    url=TEXT,
    public=st.booleans(),
    score=SCORE,
    text=TEXT,
    format=st.none() | TEXT,
)
SEARCH_RESULTS = st.builds(search.SearchResult, results=st.lists(FOUND, max_size=2))
ARTICLES = st.builds(search.Article, title=TEXT, language=TEXT, markdown=TEXT)
ARTICLE_RESULTS = st.builds(search.ArticleResult, article=st.none() | ARTICLES)

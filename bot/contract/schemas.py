"""The name and version that each kind of message bears in its field ``schema``."""

from __future__ import annotations

from typing import Final

TURN: Final = "turn/1"
TURN_RESULT: Final = "turn-result/1"
DIALOGUE_STATE: Final = "dialogue-state/1"
SEARCH: Final = "search/1"
SEARCH_RESULT: Final = "search-result/1"
ARTICLE: Final = "article/1"
ARTICLE_RESULT: Final = "article-result/1"
CITATION: Final = "citation/1"
HANDOFF_REQUEST: Final = "handoff-request/1"
HANDOFF: Final = "handoff/1"

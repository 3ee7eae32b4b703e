"""How many streams of events are open, and an answer that is one of them for as long as it lasts.

They are counted in each gateway by itself: a stream ends with its process, so a count in the database would go on
holding those of a gateway that was killed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.gateway.platform.error_answers import answer
from bot.wording.sentences import wording

_HEADERS = {
    "Cache-Control": "no-store",
    # nginx would collect the events before it passes them on.
    "X-Accel-Buffering": "no",
}
# A page that lost its network comes back sooner; its old stream is gone by then.
_RETRY_AFTER = 15


class OpenStreams:
    """The streams of one process, counted under names; used from its event loop only."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many names have a stream open."""
        return len(self._open)

    @contextmanager
    def one_more(self, most: Mapping[str, int]) -> Iterator[bool]:
        """Count one under each of these names for as long as the block lasts; false where one of them has its most."""
        if any(self._open[name] >= limit for name, limit in most.items()):
            yield False
            return
        self._open.update(most.keys())
        try:
            yield True
        finally:
            for name in most:
                self._open[name] -= 1
                if not self._open[name]:
                    del self._open[name]


class EventStream(StreamingResponse):
    """Server-sent events, unless one of the names has too many streams: then 429."""

    def __init__(self, events: AsyncIterator[bytes], open_streams: OpenStreams, most: Mapping[str, int]) -> None:
        super().__init__(events, media_type="text/event-stream", headers=_HEADERS)
        self._open_streams = open_streams
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream, and be counted until the end, whatever ends it."""
        with self._open_streams.one_more(self._most) as there_is_room:
            if there_is_room:
                await super().__call__(scope, receive, send)
                return
        message = wording("error.too_many_pages")
        refusal = answer(scope, 429, "too_many_streams", message, {"Retry-After": str(_RETRY_AFTER)})
        await refusal(scope, receive, send)

"""Answer a question with an article's own words, and say which article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.context import Context
from bot.handoff.reasons import ReasonCode
from bot.kit.articles import PublicArticles
from bot.kit.base import CompanyAction
from bot.kit.choices import OFFER
from bot.kit.not_understood import admit
from bot.kit.turn import Event, Turn, set_slot
from bot.kit.what_is_left import say_what_is_left
from bot.knowledge.answering.follow_up import LAST_QUESTION, LastQuestion


class AnswerQuestion(CompanyAction):
    """The brain has searched and chosen; this fetches the words by their place in the article."""

    action_name = "action_answer_question"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """A button names an article, a question comes with the place of its answer."""
        if turn.decision.get("remains"):
            return say_what_is_left(turn, str(turn.decision.get("offers") or ""))
        articles = PublicArticles.open_for(turn.customer)
        asked = turn.entity("article")
        found = turn.knowledge.get("answer") if asked is None else None
        context = Context.of(turn.slot(LAST_QUESTION))
        if asked is not None:
            # A button under a question back: the first message is answered, from the article that was chosen.
            waits = context.waiting.answers.get(str(asked)) if context.waiting is not None else None
            quoted = (articles.quote(waits) if waits else None) or articles.opening(str(asked))
        else:
            waits, quoted = None, articles.quote(found) if found else None
        if quoted is None:
            # Nothing that may be shown: the index is newer than the question, or the article is not public.
            return admit(turn, ReasonCode.NO_ANSWER)
        turn.quote(quoted.text, quoted.citation)
        offers = (waits or turn.decision).get("offers")
        if offers and turn.open_form is None:
            turn.say(f"{OFFER}{offers}")
        article, title = quoted.passage.article, quoted.passage.title
        if waits and context.waiting is not None:
            said = LastQuestion(context.waiting.text, article)
        elif turn.is_choice or not turn.knowledge.get("root"):
            said = LastQuestion(title if turn.is_choice else turn.text, article)
        else:
            said = context.going_on(turn.knowledge, article, title)
        said = _with_shown(said, waits or found).after(context.last)
        return [set_slot(LAST_QUESTION, context.answering(said).to_json())]


def _with_shown(said: LastQuestion, answer: Mapping[str, Any] | None) -> LastQuestion:
    """The question with the places of what was quoted; an opening that was chosen by a button has none."""
    if not answer:
        return said
    shown = tuple((int(quote["start"]), int(quote["end"])) for quote in answer["quotes"])
    return replace(said, version=str(answer["version"]), shown=shown)

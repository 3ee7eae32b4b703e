"""Answer a question with an article's own words, and say which article."""

from __future__ import annotations

from bot.handoff.reasons import ReasonCode
from bot.kit.articles import PublicArticles
from bot.kit.base import CompanyAction
from bot.kit.not_understood import admit
from bot.kit.turn import Event, Turn, set_slot
from bot.knowledge.answering.follow_up import LAST_QUESTION, LastQuestion

OFFER = "utter_offer_"
"""Responses that offer an intent under an answer begin so: the intent's name follows."""


class AnswerQuestion(CompanyAction):
    """The brain has searched and chosen; this fetches the words by their place in the article."""

    action_name = "action_answer_question"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """A button names an article, a question comes with the place of its answer."""
        articles = PublicArticles.open_for(turn.customer)
        asked = turn.entity("article")
        found = turn.knowledge.get("answer") if asked is None else None
        quoted = articles.opening(str(asked)) if asked is not None else articles.quote(found) if found else None
        if quoted is None:
            # Nothing that may be shown: the index is newer than the question, or the article is not public.
            return admit(turn, ReasonCode.NO_ANSWER)
        turn.quote(quoted.text, quoted.citation)
        offers = turn.decision.get("offers")
        if offers and turn.open_form is None:
            turn.say(f"{OFFER}{offers}")
        question = quoted.passage.title if turn.is_choice else str(turn.knowledge.get("asked") or turn.text)
        return [set_slot(LAST_QUESTION, LastQuestion(question, quoted.passage.article).to_json())]

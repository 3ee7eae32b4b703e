"""Say honestly that the assistant does not know: offer what may have been meant, the second time running a human."""

from __future__ import annotations

from bot.contract import names, trace
from bot.handoff.reasons import ReasonCode
from bot.kit.articles import PublicArticles
from bot.kit.base import CompanyAction
from bot.kit.choices import A_PERSON, NONE_OF_THESE, WHAT_CAN_YOU_DO
from bot.kit.company import content
from bot.kit.handing_over import handoff_request
from bot.kit.turn import Choice, Event, Turn, close_form, followed_by, set_slot
from bot.wording.sentences import wording

# More buttons than these are a menu to study.
MOST_OFFERS = 3

NEVER_OFFERED = frozenset(
    {
        *(names.AFFIRM, names.DENY, names.INFORM, names.STOP, names.OUT_OF_SCOPE),
        *(names.GREET, names.THANKS, names.GOODBYE, names.BOT_CHALLENGE),
    }
)
"""Readings that make no sense as a button: nobody wants to be asked whether they meant "Yes"."""

MARK = "not_understood"
"""The slot that each such turn sets; it tells the next turn that this one went wrong."""

_HANDING_OVER = {
    ReasonCode.NOT_UNDERSTOOD: "utter_handing_over_unasked",
    ReasonCode.NO_ANSWER: "utter_handing_over_no_answer",
}
"""Whom we did not understand hears something else than whom we understood and could not help. What has nothing to do
with the company puts nobody into the line unasked, however often it comes: a person is offered."""


class NotUnderstood(CompanyAction):
    """For `unclear`, `out_of_scope` and `none_of_these`."""

    action_name = "action_not_understood"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """By what the arbiter decided; a button has no decision, and says by its intent what it means."""
        kind = turn.decision.get("kind") or turn.intent
        if kind == trace.OUT_OF_SCOPE:
            return admit(turn, ReasonCode.OUT_OF_SCOPE)
        if kind == trace.NO_ANSWER:
            return admit(turn, ReasonCode.NO_ANSWER)
        return admit(turn, ReasonCode.NOT_UNDERSTOOD, asks_back=kind == trace.ASK_BACK)


def admit(turn: Turn, code: ReasonCode, asks_back: bool = False) -> list[Event]:
    """The first time running an honest sentence and choices, the second time a handoff."""
    events = [set_slot(MARK, code.value)]
    again = second_time_running(turn)
    if again and code in _HANDING_OVER:
        turn.say(_HANDING_OVER[code], data=handoff_request(turn, code))
        return [*events, *close_form(), followed_by("action_listen")]
    if turn.open_form is not None:
        # The form asks its question again by itself; anything more would bury that.
        turn.say("utter_not_understood_in_form")
    elif asks_back and (readings := _readings(turn)):
        if len(readings) == 1:
            # "One of these" above a single button is a riddle: one thing is asked with yes or no.
            [only] = readings
            answers = [Choice(wording("button.yes"), only.payload), Choice(wording("button.no"), NONE_OF_THESE.payload)]
            turn.say("utter_ask_back_one", choices=answers, wish=only.title)
        else:
            turn.say("utter_ask_back", choices=[*readings, NONE_OF_THESE])
    elif code is ReasonCode.OUT_OF_SCOPE:
        said = "utter_out_of_scope_again" if again else "utter_out_of_scope"
        turn.say(said, choices=[WHAT_CAN_YOU_DO, A_PERSON])
    else:
        offers = _likely_articles(turn) or _readings(turn)
        response = "utter_no_answer" if code is ReasonCode.NO_ANSWER else "utter_not_understood"
        turn.say(response if offers else f"{response}_at_all", choices=[*offers, *_goes_with(turn), A_PERSON])
    # Said outright, because `config.yml` calls this action where no rule fits: none would end the turn then.
    return [*events, followed_by(turn.open_form or "action_listen")]


def second_time_running(turn: Turn) -> bool:
    """Whether the turns just before went wrong too, an odd number of them: after a handoff the count begins again."""
    turns = turn.earlier()
    at_hand, _ = next(turns, ({}, []))
    looked_at = at_hand.get("message_id")
    running = 0
    for said, followed in turns:
        if looked_at is not None and said.get("message_id") == looked_at:
            continue  # another wish of a message that counts already
        looked_at = said.get("message_id")
        intent = ((said.get("parse_data") or {}).get("intent") or {}).get("name")
        marked = any(event.get("event") == "slot" and event.get("name") == MARK for event in followed)
        if intent == names.RETURNED_BY_HUMAN or not marked:
            break
        running += 1
    return running % 2 == 1


def was_out_of_scope(turn: Turn) -> bool:
    """Whether the message just before had nothing to do with the company: then a person was offered."""
    turns = turn.earlier()
    next(turns, None)
    _, followed = next(turns, (None, []))
    return any(event.get("name") == MARK and event.get("value") == ReasonCode.OUT_OF_SCOPE.value for event in followed)


def _readings(turn: Turn) -> list[Choice]:
    """The intents that share the probability, as buttons that ask for what they stand for."""
    titles, articles = content().titles(), PublicArticles.open_for(turn.customer)
    choices = []
    for name in (turn.decision.get("choices") or ())[:MOST_OFFERS]:
        known = titles.get(name)
        if known is None or name in NEVER_OFFERED:
            continue
        if known.acts:
            choices.append(Choice(known.title, f"/{name}"))
        else:
            shown = [article for article in known.articles if articles.title(article) is not None]
            best = next((article for article in _found(turn) if article in shown), shown[0] if shown else None)
            if best is not None:
                choices.append(Choice(known.title, article_payload(best)))
    return choices


def _likely_articles(turn: Turn) -> list[Choice]:
    """The titles of the public articles that came nearest."""
    articles = PublicArticles.open_for(turn.customer)
    titled = [(article, articles.title(article)) for article in _found(turn)]
    return [Choice(title, article_payload(article)) for article, title in titled if title][:MOST_OFFERS]


def _goes_with(turn: Turn) -> list[Choice]:
    """What trainers offer with answers on the subject (`offers` in ``data/nlu``): it is of use without one, too."""
    known = content().titles().get(str(turn.decision.get("offers")))
    return [Choice(known.title, f"/{turn.decision['offers']}")] if known is not None and known.acts else []


def _found(turn: Turn) -> list[str]:
    """The articles of the passages that were found, the nearest first, each once; none of those that disagree."""
    disputed = set(turn.knowledge.get("disagree") or ())
    passages = turn.knowledge.get("passages") or []
    hidden = {passage["article"] for passage in passages if passage.get("id") in disputed}
    return list(dict.fromkeys(str(passage["article"]) for passage in passages if passage["article"] not in hidden))


def article_payload(article: str) -> str:
    """What a button says to have an article's opening shown."""
    return f'/{names.KNOWLEDGE_QUESTION}{{"article": "{article}"}}'

"""Say honestly that the assistant does not know: offer what may have been meant, the second time running a human."""

from __future__ import annotations

from bot.contract import names, trace
from bot.dialogue.candidates import LEAST_CHOICE, NEVER_OFFERED, choices_among
from bot.handoff.reasons import ReasonCode
from bot.kit.articles import PublicArticles
from bot.kit.asking_product import ask_product, remembered
from bot.kit.base import CompanyAction
from bot.kit.choices import A_PERSON, NONE_OF_THESE, WHAT_CAN_YOU_DO
from bot.kit.company import content
from bot.kit.handing_over import handoff_request
from bot.kit.parking import put_aside
from bot.kit.turn import Choice, Event, Turn, followed_by, set_slot
from bot.wording.sentences import wording

LIKELY = 0.1
"""How probable a reading must be to be offered although it was not decided between."""
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
        if kind == trace.ASK_VALUE and (asked := ask_product(turn)):
            return asked
        if kind == trace.OUT_OF_SCOPE:
            return admit(turn, ReasonCode.OUT_OF_SCOPE)
        if kind == trace.NO_ANSWER:
            return admit(turn, ReasonCode.NO_ANSWER)
        return admit(turn, ReasonCode.NOT_UNDERSTOOD, asks_back=kind == trace.ASK_BACK)


def admit(turn: Turn, code: ReasonCode, asks_back: bool = False) -> list[Event]:
    """The first time running an honest sentence and choices, the second time a handoff."""
    events = [set_slot(MARK, code.value), *remembered(turn)]
    again = second_time_running(turn)
    if again and code in _HANDING_OVER:
        turn.say(_HANDING_OVER[code], data=handoff_request(turn, code))
        return [*events, *put_aside(turn), followed_by("action_listen")]
    if turn.open_form is not None:
        # The form asks its question again by itself; anything more would bury that.
        turn.say("utter_not_understood_in_form")
    elif asks_back and (readings := _choices(turn)):
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
        offers = _choices(turn)
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


def _choices(turn: Turn) -> list[Choice]:
    """What the message may mean, the likeliest first: things to do, and articles by their titles."""
    titles, articles = content().titles(), PublicArticles.open_for(turn.customer)
    ranked = {str(one["name"]): float(one.get("confidence") or 0.0) for one in turn.ranking}
    likely = {name: share for name, share in ranked.items() if share >= LIKELY}
    decided = {str(name): max(ranked.get(str(name), 0.0), LEAST_CHOICE) for name in turn.decision.get("choices") or ()}
    read = {**likely, **decided}
    known = {name: share for name, share in read.items() if name in titles and name not in NEVER_OFFERED}
    public = {
        name: [article for article in titles[name].articles if articles.title(article) is not None] for name in known
    }
    found = {article: share for article, share in _found(turn).items() if articles.title(article) is not None}
    acts = {name: share for name, share in known.items() if titles[name].acts}
    facts = {name: share for name, share in known.items() if not titles[name].acts}
    offered = []
    for choice in choices_among(acts, facts, public, found):
        title = titles[choice.intent].title if choice.intent else str(articles.title(choice.article))
        payload = article_payload(choice.article) if choice.article else f"/{choice.intent}"
        offered.append(Choice(title, payload))
    return offered


def _goes_with(turn: Turn) -> list[Choice]:
    """What trainers offer with answers on the subject (`offers` in ``data/nlu``): it is of use without one, too."""
    known = content().titles().get(str(turn.decision.get("offers")))
    return [Choice(known.title, f"/{turn.decision['offers']}")] if known is not None and known.acts else []


def _found(turn: Turn) -> dict[str, float]:
    """The articles of the passages that were found and how probable each is; none of those that disagree."""
    disputed = set(turn.knowledge.get("disagree") or ())
    passages = turn.knowledge.get("passages") or []
    hidden = {passage["article"] for passage in passages if passage.get("id") in disputed}
    found: dict[str, float] = {}
    for passage in passages:
        if passage["article"] not in hidden:
            article = str(passage["article"])
            found[article] = found.get(article, 0.0) + float(passage.get("score") or 0.0)
    return found


def article_payload(article: str) -> str:
    """What a button says to have an article's opening shown."""
    return f'/{names.KNOWLEDGE_QUESTION}{{"article": "{article}"}}'

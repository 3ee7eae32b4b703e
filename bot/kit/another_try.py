"""Try again when an answer did not help: another article, what is offered with the subject, or a person."""

from __future__ import annotations

from bot.contract import names
from bot.contract.names import TALK_ACT
from bot.dialogue.talk_memory import Memory
from bot.kit.articles import PublicArticles
from bot.kit.choices import A_PERSON, OFFER
from bot.kit.company import content
from bot.kit.not_understood import article_payload
from bot.kit.turn import Choice, Event, Turn, followed_by
from bot.kit.what_is_left import say_what_is_left
from bot.wording.sentences import wording

LEAST_LIKELY = 0.05
"""How probable another article must be to be worth a question: what came last of five for a question is a guess."""

LEAST_LIKELY_OF_REST = 0.3
"""The same for what the customer says was meant: nobody has asked for it yet by any better words."""

STILL_NOT = f'/{names.TALK_ABOUT_CONVERSATION}{{"{TALK_ACT}": "no_help"}}'


def try_again(turn: Turn, memory: Memory) -> list[Event]:
    """What is left of what was tried; else one other thing, as a question with yes and no; after that a person."""
    tried = memory.tries()
    left = turn.knowledge.get("remaining")
    if left and (left["told"] or not tried):
        return [*say_what_is_left(turn, _offered(turn, memory)), followed_by(turn.open_form or "action_listen")]
    offers = _offered(turn, memory) if not tried else ""
    other = _other_article(turn, memory) if not tried else None
    if not other and not offers:
        turn.say("utter_talk_person_instead" if tried else "utter_talk_no_other", choices=_yes_or_no(A_PERSON.payload))
    elif other is not None and (not offers or _asked_something_else(turn)):
        article, title = other
        turn.say("utter_talk_another", choices=_yes_or_no(article_payload(article), STILL_NOT), title=title)
    elif offers:
        known = content().titles()[offers]
        turn.say("utter_talk_offer_or_person", choices=[Choice(known.title, f"/{offers}"), A_PERSON])
    return [followed_by(turn.open_form or "action_listen")]


def offer_again(turn: Turn, memory: Memory) -> list[Event]:
    """What was offered with the last answer, once more; without it, another try."""
    offers = _offered(turn, memory)
    if not offers:
        return try_again(turn, memory)
    turn.say(f"{OFFER}{offers}")
    return [followed_by("action_listen")]


def _asked_something_else(turn: Turn) -> bool:
    return (turn.message.get("talk") or {}).get("act") == "not_asked"


def _yes_or_no(yes: str, no: str = f"/{names.DENY}") -> list[Choice]:
    return [Choice(wording("button.yes"), yes), Choice(wording("button.no"), no)]


def _offered(turn: Turn, memory: Memory) -> str:
    """What was offered with the last answer, where it can be done."""
    shown = memory.shown()
    offers = shown[0].offers if shown else ""
    known = content().titles().get(offers)
    return offers if known is not None and known.acts else ""


def _other_article(turn: Turn, memory: Memory) -> tuple[str, str] | None:
    """The best article that was not shown yet: of what was found for the rest of the message, then for the question."""
    shown = memory.shown()
    seen = {one.article for one in shown}
    articles = PublicArticles.open_for(turn.customer)
    found = [*(turn.knowledge.get("passages") or ()), *(shown[0].passages if shown else ())]
    rest = (turn.message.get("talk") or {}).get("rest")
    if not rest:
        # What was found for "that didn't help" itself says nothing.
        found = list(shown[0].passages) if shown else []
    least = LEAST_LIKELY_OF_REST if rest and _asked_something_else(turn) else LEAST_LIKELY
    for passage in sorted(found, key=lambda one: -float(one.get("score") or 0.0)):
        article = str(passage["article"])
        title = articles.title(article)
        if article not in seen and title and float(passage.get("score") or 0.0) >= least:
            return article, title
    return None

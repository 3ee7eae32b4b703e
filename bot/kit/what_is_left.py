"""Say what is left of an article to a customer who has tried some of it; where nothing is, offer what else there is."""

from __future__ import annotations

from bot.dialogue.context import Context
from bot.kit.articles import PublicArticles
from bot.kit.choices import A_PERSON, OFFER
from bot.kit.company import content
from bot.kit.turn import Choice, Event, Turn, set_slot
from bot.knowledge.answering.follow_up import LAST_QUESTION, LastQuestion


def say_what_is_left(turn: Turn, offers: str) -> list[Event]:
    """The steps that were not done, or what was not said yet; ``offers`` is the intent that goes with the article.

    What was told as done is remembered: it is not said again while this article answers.
    """
    left = turn.knowledge["remaining"]
    answer = left["answer"]
    quoted = PublicArticles.open_for(turn.customer).quote(answer) if answer else None
    if quoted is None:
        known = content().titles().get(offers)
        turn.say("utter_all_tried", choices=[*([Choice(known.title, f"/{offers}")] if known else []), A_PERSON])
    else:
        if left["steps"]:
            turn.say("utter_still_to_try")
        turn.quote(quoted.text, quoted.citation)
        if offers and turn.open_form is None:
            turn.say(f"{OFFER}{offers}")
    context = Context.of(turn.slot(LAST_QUESTION))
    asked = left["points_at"] or (context.last.text if context.last is not None else turn.text)
    shown = tuple((int(one["start"]), int(one["end"])) for one in answer["quotes"]) if answer and quoted else ()
    done = tuple((int(start), int(end)) for start, end in left["done"])
    said = LastQuestion(asked, str(left["article"]), str(left["version"]), shown, done).after(context.last)
    return [set_slot(LAST_QUESTION, context.answering(said).to_json())]

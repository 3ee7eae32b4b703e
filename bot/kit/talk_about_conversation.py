"""Answer what is said about the conversation itself, from its last answers, its open form and what was agreed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from bot.contract.names import AGREEMENTS
from bot.dialogue.agreements import last_done
from bot.dialogue.talk_memory import Memory, Shown, Words, act_of, reason_of
from bot.kit.agreed import agreements
from bot.kit.another_try import offer_again, try_again
from bot.kit.articles import PublicArticles, Quote
from bot.kit.base import CompanyAction
from bot.kit.choices import A_PERSON, LEAVE_IT
from bot.kit.company import company, content
from bot.kit.turn import Event, Turn, followed_by, set_slot
from bot.knowledge.index.passages import plain, sentences_of

LISTEN = "action_listen"
FEWEST_WORDS = 4
"""Words of a sentence that can stand alone: "Yes." says nothing."""


class TalkAboutConversation(CompanyAction):
    """For `talk_about_conversation`: each act has its own answer, with a form open and without."""

    action_name = "action_talk_about_conversation"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """By the act that was read, or that a button says."""
        memory = Memory.of(turn.tracker.events)
        act = act_of(turn.message)
        if act is None and last_done(turn.slot(AGREEMENTS), time.time()) is not None:
            return _stands(turn)
        answer = _ANSWERS.get(act or "", _repeat)
        return answer(turn, memory)


def _repeat(turn: Turn, memory: Memory) -> list[Event]:
    """The last words again, whole, with their buttons; an article's are looked up anew."""
    said = memory.last_words()
    if not said:
        turn.say("utter_talk_nothing_said")
        return _listen(turn)
    articles = PublicArticles.open_for(turn.customer)
    for words in said:
        if words.citation is not None:
            quoted = _quoted_again(articles, memory, words)
            if quoted is not None:
                turn.quote(quoted.text, quoted.citation)
        else:
            turn.dispatcher.utter_message(text=words.text, buttons=[dict(button) for button in words.buttons])
    return [followed_by(LISTEN)]


def _quoted_again(articles: PublicArticles, memory: Memory, words: Words) -> Quote | None:
    """An article's words as they stand now, None where they are gone."""
    article = (words.citation or {}).get("article")
    shown = next((one for one in memory.shown() if one.article == article), None)
    return _quote(articles, shown) if shown is not None else None


def _quote(articles: PublicArticles, shown: Shown) -> Quote | None:
    return articles.quote(shown.answer) if shown.answer is not None else articles.opening(shown.article)


def _simpler(turn: Turn, memory: Memory) -> list[Event]:
    """The open question with its hint, or the one sentence of the last answer that says most in few words."""
    if turn.open_form is not None and turn.requested_slot is not None and not memory.answered_last():
        hint = f"utter_hint_{turn.requested_slot}"
        if hint not in content().responses:
            return []
        turn.say(hint)
        return [followed_by(LISTEN)]
    shown = next(iter(memory.shown()), None) if memory.answered_last() else None
    quoted = _quote(PublicArticles.open_for(turn.customer), shown) if shown is not None else None
    if quoted is None:
        return _repeat(turn, memory)
    short = _first_sentence(quoted.text)
    if shown is not None and short == shown.words.text.strip():
        # It was one sentence already: more of the same words make nothing simpler.
        turn.say("utter_talk_no_simpler", choices=[A_PERSON])
    else:
        turn.quote(short, quoted.citation)
    return _listen(turn)


def _first_sentence(text: str) -> str:
    """The first sentence that can stand alone: an article's opening is its short answer."""
    sentences = [text[start:end].strip() for start, end in sentences_of(text, 0, len(text))]
    able = (one for one in sentences if len(plain(one).split()) >= FEWEST_WORDS and not one.startswith(("-", "|")))
    return next(able, text.strip())


def _sure(turn: Turn, memory: Memory) -> list[Event]:
    """What it rests on: the article with its link, what is written down, or what has been told so far."""
    if turn.open_form is None and not memory.answered_last() and not agreements(turn):
        turn.say("utter_talk_sure" if memory.last_words() else "utter_talk_nothing_said", choices=[A_PERSON])
        return _listen(turn)
    if memory.answered_last():
        shown = memory.shown()[0]
        quoted = _quote(PublicArticles.open_for(turn.customer), shown)
        if quoted is not None:
            passage = quoted.passage
            turn.say("utter_talk_sure_of_article", data=quoted.citation, title=passage.title)
            return _listen(turn)
    return _agreed(turn, memory)


def _agreed(turn: Turn, memory: Memory) -> list[Event]:
    """What has been booked or told, else what the open form has; the form's question behind it."""
    if turn.open_form is not None:
        told = _told(turn)
        if told:
            turn.say("utter_talk_so_far", told=told)
        else:
            turn.say("utter_talk_nothing_yet")
        return _ask_on(turn)
    agreed = agreements(turn)
    if not agreed:
        turn.say("utter_talk_nothing_agreed")
    else:
        turn.say(agreed[0].response, **agreed[0].values)
    return [followed_by(LISTEN)]


def _stands(turn: Turn) -> list[Event]:
    """What was done stands, and nothing is done twice by "ok, book it": who wants another one says so."""
    done = last_done(turn.slot(AGREEMENTS), time.time())
    if done is not None:
        turn.say("utter_talk_stands")
        turn.say(done.response, **done.values)
    return [followed_by(LISTEN)]


def _disputed(turn: Turn, memory: Memory) -> list[Event]:
    """What our books say is not what the customer knows: only a person can find out which is right."""
    again = next(iter(memory.turns), None)
    response = "utter_talk_person_instead" if again is not None and again.act == "disputed" else "utter_talk_disputed"
    turn.say(response, choices=[A_PERSON])
    return [followed_by(LISTEN)]


def _ways_on(turn: Turn, memory: Memory) -> list[Event]:
    """What can be done where the open question leads nowhere; it is not asked again behind that."""
    own = _of_the_last_words(memory, "utter_ways_on_")
    turn.say(own or "utter_talk_ways_on", choices=[A_PERSON, LEAVE_IT])
    return [followed_by(LISTEN)]


def _of_the_last_words(memory: Memory, begins: str) -> str | None:
    """The company's own response on what the assistant said last: why it said no, what can be done then."""
    own = (reason_of(words.response, content().responses, begins) for words in memory.last_words())
    return next((response for response in own if response is not None), None)


def _told(turn: Turn) -> str:
    """What the open form has, a line for each, as the customer would say it."""
    lines = []
    for slot in content().forms.get(str(turn.open_form), ()):
        value = turn.slot(slot)
        if value is None or slot.startswith("confirm_"):
            continue
        words = company().in_words(slot, value)
        text = words.text if words is not None and words.text is not None else value
        title = words.title if words is not None else slot.replace("_", " ")
        lines.append(f"- {title[:1].upper()}{title[1:]}: {text}")
    return "\n".join(lines)


def _why(turn: Turn, memory: Memory) -> list[Event]:
    """The company's reason for the open question; the form asks it again behind it."""
    refusal = _of_the_last_words(memory, "utter_why_")
    if refusal is not None:
        turn.say(refusal)
        return _ask_on(turn)
    if turn.open_form is None:
        turn.say("utter_talk_nothing_asked")
        return _listen(turn)
    own = f"utter_why_{turn.requested_slot}"
    turn.say(own if own in content().responses else "utter_talk_why")
    return _ask_on(turn)


def _back(turn: Turn, memory: Memory) -> list[Event]:
    """The question before the open one, once more; outside a form there is nowhere to go back to."""
    form = turn.open_form
    if form is None:
        turn.say("utter_talk_nothing_open")
        return _listen(turn)
    asked = content().forms.get(form, ())
    before = asked[: asked.index(turn.requested_slot)] if turn.requested_slot in asked else asked
    given = [slot for slot in before if turn.slot(slot) is not None]
    if not given:
        turn.say("utter_talk_first_question")
        return _ask_on(turn)
    turn.say("utter_talk_back")
    return [set_slot(given[-1], None), *_ask_on(turn)]


def _start_again(turn: Turn, memory: Memory) -> list[Event]:
    """The open form from its first question; what belongs to no form stays."""
    form = turn.open_form
    if form is None:
        turn.say("utter_talk_nothing_open")
        return _listen(turn)
    turn.say("utter_talk_start_again")
    return [
        *(set_slot(slot, None) for slot in (*content().forms.get(form, ()), *company().beside_forms)),
        *_ask_on(turn),
    ]


def _wait(turn: Turn, memory: Memory) -> list[Event]:
    """Nothing but a kind word: the question stays open, and is not asked again."""
    turn.say("utter_talk_wait")
    return [followed_by(LISTEN)]


def _ask_on(turn: Turn) -> list[Event]:
    """The open form asks on."""
    return [followed_by(turn.open_form)] if turn.open_form is not None else _listen(turn)


def _listen(turn: Turn) -> list[Event]:
    return [followed_by(turn.open_form or LISTEN)]


_ANSWERS: Mapping[str, Callable[[Turn, Memory], list[Event]]] = {
    "repeat": _repeat,
    "simpler": _simpler,
    "no_help": try_again,
    "not_asked": try_again,
    "next": offer_again,
    "sure": _sure,
    "why": _why,
    "agreed": _agreed,
    "back": _back,
    "start_again": _start_again,
    "wait": _wait,
    "ways_on": _ways_on,
    "disputed": _disputed,
}

"""P2: whatever is asked of the queue itself is understood, and nothing else is taken for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.nlu.reading.in_line import AskedInLine, asked_in_line

LEAVES = [
    "oh lovely, that's all I wanted. don't bother with the person",
    "monday?? brilliant. then I dont need them any more",
    "never mind",
    "Never mind, I found it myself.",
    "no need for anyone now thanks",
    "i don't need to speak to anyone anymore",
    "please take me out of the queue",
    "back to the assistant please",
    "you needn't bother getting a colleague, it works again",
    "I'll sort it out myself then",
    "cancel the agent",
    "I no longer need a human being, cheers",
    "actually let's carry on without them",
    "ok all sorted thanks",
    "I don't want to wait any longer",
]
LEAVES_FOR_A_WISH = [
    "nah that's no good, I'll do it with you. book us an engineer for the washer, it grinds like mad on spin",
    "don't bother with the person, what time is breakfast served?",
    "I don't need anyone any more but can you send me the invoice",
    "take me back to the bot, I want to change my booking",
]
HOW_LONG = [
    "ok how long's the wait",
    "how long is the queue?",
    "how much longer",
    "how many in front of me?",
    "Roughly how long are we talking, I've got to leave for the school fair at one",
    "you still there??",
    "hello",
    "hello??",
    "anybody??",
    "???",
    "twenty past twelve. still nobody. unbelievable",
    "is anyone there",
    "how long will it be until someone answers",
    "how long do I have to wait",
    "when will somebody be free",
    "where am i in the queue",
    "am I next?",
    "i've been waiting for 20 minutes",
    "right so what happens now",
    "ok yes still want a person please",
    "yes get me someone",
    "whats my place in the queue",
    "will it take long?",
    "any idea how long it will be",
    "nobody's answering",
    "how soon will they get to me",
    "when are you going to get back to me",
    "are you still there",
    "is anyone coming",
    "how long now",
    "am I still in the queue",
    "is somebody coming or not",
    "how quickly can someone be with us?",
]
EMAIL = ["can you e-mail me instead", "Could they e-mail me instead? tamsin.hale@example.org", "just email me please"]
PICK_TIME = ["can i pick a time", "could somebody call me back tomorrow", "ring me later please", "a call back instead"]
PASS_ON = [
    "can you not just pass it on?",
    "could you pass this on to them please",
    "can you let them know",
    "will they see this?",
    "do they read my messages",
    "will they see what I wrote",
    "have they read what i said above?",
    "does the person get all of this",
]
BY_PHONE = [
    "will somebody ring me",
    "is somebody going to call me back?",
    "are you going to phone us",
    "do they ring me or what",
    "will I get a call",
    "so will anyone phone me then",
    "do I have to stay by the phone",
]
WHO = [
    "who do I talk to",
    "who will I be speaking to?",
    "who do I talk to about the fridge, it wasn't fixed to anything",
    "who is going to answer me",
    "am I going to talk to a human",
    "will I get a real person",
    "is it a real person who answers",
]
MACHINE = ["am I talking to a machine", "is this a bot", "are you a real person?", "am i still talking to a robot"]
STAY = [
    "do I need to stay on here",
    "can I close this",
    "do I have to keep this window open?",
    "can i come back later",
    "what if I close this page",
    "will I lose my place if I leave this chat",
]
FOR_WHOEVER_ANSWERS = [
    "will I get this",
    "will the driver ring me before he comes",
    "can I leave it on overnight",
    "can I close the door when it runs",
    "do I need to be in",
    "do I have to stay in all day",
    "who do I return it to",
    "who pays for the postage",
    "what happens if I leave it unplugged",
    "can you send it on",
    "how soon can you deliver",
    "can you tell them I'm at the back door",
    "how long have I got to send a hob back, unopened",
    "While I'm sat here - how long have I got to send a hob back, unopened",
    "how long does a refund take",
    "how long will it take to defrost",
    "how long is the guarantee",
    "when can I collect it",
    "what time does the Leeds shop open tomorrow",
    "i don't need a person to lift it, just the lift",
    "don't bother with the delivery, I'll collect",
    "if you can tell me now, I don't need a person",
    "cancel my order",
    "hello, I have a question about my bill",
    "is there a number i can just ring",
    "what's the number",
    "I'm still waiting for my refund",
    "please don't cancel the person",
    "there is nobody at the desk of the hotel",
    "I want someone to fit the hob",
    "how many people can sleep in the room",
    "still waiting for my room to be cleaned",
    "it is too long for the gap",
    "LF-1000025 M14 5TP",
    "no",
    "thanks",
    "",
    "my room number is 12, are you there in the evening to let me in, and where do I park?",
]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        *((text, AskedInLine("leave")) for text in LEAVES),
        *((text, AskedInLine("leave", wants_more=True)) for text in LEAVES_FOR_A_WISH),
        *((text, AskedInLine("how_long")) for text in HOW_LONG),
        *((text, AskedInLine("email")) for text in EMAIL),
        *((text, AskedInLine("pick_time")) for text in PICK_TIME),
        *((text, AskedInLine("pass_on")) for text in PASS_ON),
        *((text, AskedInLine("by_phone")) for text in BY_PHONE),
        *((text, AskedInLine("who")) for text in WHO),
        *((text, AskedInLine("machine")) for text in MACHINE),
        *((text, AskedInLine("stay")) for text in STAY),
        *((text, None) for text in FOR_WHOEVER_ANSWERS),
    ],
)
def test_what_is_asked_of_the_queue(text: str, asked: AskedInLine | None) -> None:
    """By the clause that says it, with what else the message wants."""
    found = asked_in_line(text)
    assert (found and replace(found, surely=True)) == asked


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (
            "nah that's no good, I'll do it with you. book us an engineer for the washer, it grinds like mad on spin",
            "book us an engineer for the washer, it grinds like mad on spin",
        ),
        ("don't bother with the person, what time is breakfast served?", "what time is breakfast served?"),
        ("book me an engineer, and don't bother with the person", "book me an engineer"),
        ("The washer grinds. I'll do it with you, book an engineer", "The washer grinds. book an engineer"),
        (
            "I don't need anyone any more but can you send the invoice to a.b@example.org",
            "can you send the invoice to a.b@example.org",
        ),
        ("don't bother with the person", ""),
    ],
)
def test_the_wish_beside_the_way_out_is_what_the_assistant_gets(text: str, rest: str) -> None:
    """Without what was said to the queue: "nah" is no answer to the assistant."""
    found = asked_in_line(text)
    assert found is not None
    assert found.rest == rest


@pytest.mark.parametrize(
    ("text", "surely"),
    [("never mind", False), ("hello??", False), ("cancel the queue", True), ("how long is the wait", True)],
)
def test_words_that_may_mean_anything_are_not_sure(text: str, surely: bool) -> None:
    """Where a question of ours is open, "never mind" leaves that."""
    found = asked_in_line(text)
    assert found is not None
    assert found.surely is surely

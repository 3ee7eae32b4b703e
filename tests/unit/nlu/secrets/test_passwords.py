"""Passwords are hidden where the words beside them, or the question before, say that they are some."""

from __future__ import annotations

import pytest

from bot.nlu.secrets.passwords import asks_for_password
from bot.nlu.secrets.reader import HIDDEN_PASSWORD, SecretReader

READER = SecretReader(["LF-0000000"])


@pytest.mark.parametrize(
    ("typed", "secret"),
    [
        ("my password is hunter2", "hunter2"),
        ("pw: sunshine", "sunshine"),
        ("Password = Tr0ub4dor&3 does not work", "Tr0ub4dor&3"),
        ("my password is sunshine", "sunshine"),
        ("login bob@example.com, password Blue42! since May", "Blue42!"),
        ("I changed my password to rainCoat7 yesterday", "rainCoat7"),
        ("my pin is 4821", "4821"),
        ('the password "correct horse battery" is refused', "correct horse battery"),
        ("Passwort: geheim12", "geheim12"),
        ("user bob, pass: hunter2", "hunter2"),
        ("\uff50assword\uff1a hunter2", "hunter2"),
    ],
)
def test_a_password_is_hidden(typed: str, secret: str) -> None:
    """Behind a colon, behind "is", in quotes, in other languages."""
    hidden = READER.hidden(typed)
    assert hidden.text == typed.replace(secret, HIDDEN_PASSWORD)
    assert hidden.kinds == {"password"}


@pytest.mark.parametrize(
    "typed",
    [
        "I forgot my password",
        "how do I reset my password?",
        "my password is not working",
        "my password is wrong",
        "password is case sensitive?",
        "the password isn't accepted",
        "I typed my password wrong three times",
        "password reset link please",
        "password: how do I change it",
        "it says password incorrect",
        "my pin code is in the post",
        "is there a password on my account",
        "a lost password, order 1234566",
        "forgot password 07700 900123",
        "new password LF-1234566",
        "lost my password bob@example.com",
        "password: none",
    ],
)
def test_talk_about_passwords_stays(typed: str) -> None:
    """There is none in it."""
    assert READER.hidden(typed).text == typed


@pytest.mark.parametrize("typed", ["hunter2", "it's hunter2", "sunshine"])
def test_the_answer_to_the_question_for_one_is_hidden(typed: str) -> None:
    """A single word is the password then."""
    assert READER.hidden(typed).text == typed
    assert HIDDEN_PASSWORD in READER.hidden(typed, asked_for_password=True).text


@pytest.mark.parametrize("typed", ["yes", "no", "I don't know it any more", "forgot", "why?", "is that safe?"])
def test_a_plain_answer_to_that_question_stays(typed: str) -> None:
    """Nothing in it is a password."""
    assert READER.hidden(typed, asked_for_password=True).text == typed


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("What is your password?", True),
        ("Please enter the PIN that we sent you.", True),
        ("Have you forgotten your password?", False),
        ("You can reset your password on the account page.", False),
    ],
)
def test_a_question_for_a_password_is_known(said: str, asks: bool) -> None:
    """Talk about one is no question for it."""
    assert asks_for_password(said) is asks

"""R11: of what is written for customers nothing is dropped silently."""

from __future__ import annotations

import pytest

from bot.gateway.channels.opening import WEBSITE
from bot.gateway.channels.telegram import NAME
from bot.teaching.checks.check_shown import CHANNELS
from tests.unit.teaching.checks.conftest import Company

GREETING = '- text: "Hello from the small project."'


def test_the_channels_are_the_gateways() -> None:
    """A third one would make this fail."""
    assert {WEBSITE, NAME} == set(CHANNELS)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("- custom: {sparkles: 5}", "utter_greet has a custom part in which nothing can be read: no channel shows it."),
        (
            '- channel: slack\n      text: "Hi."',
            "for the channel slack, which Warmline does not have: it is never said.",
        ),
        ('- channel: telegrm\n      text: "Hi."', "Did you mean telegram?"),
    ],
)
def test_what_no_customer_would_see_is_remarked(company: Company, written: str, told: str) -> None:
    """Training goes on: the company's own page may know what to do with it."""
    line = company.change("domain.yml", GREETING, f"{written}\n    {GREETING}")
    assert company.mistakes() == []
    (remark,) = company.remarks()
    assert remark.startswith(f"domain.yml:{line}: ")
    assert told in remark


def test_a_response_that_would_say_nothing_on_some_channel_is_remarked(company: Company) -> None:
    """Rasa is silent then."""
    company.change("domain.yml", GREETING, f"- channel: telegram\n      {GREETING[2:]}")
    (remark,) = company.remarks()
    assert "utter_greet has only variations with a `channel` or a `condition`" in remark


@pytest.mark.parametrize(
    "written",
    [
        'image: "https://example.test/{product}.png"',
        'image: "{product}"',
        'attachment: "https://example.test/a.pdf"',
        "buttons: [{title: Write, type: web_url, url: 'mailto:{product}'}, {title: Call, url: 'tel:+44 20'}]",
        'buttons: [{title: Book, payload: \'/repair{"product": "oven"}\'}]',
        "custom: {blocks: [{type: section, text: {type: mrkdwn, text: Hello.}}]}",
    ],
)
def test_what_can_be_shown_is_let_through(company: Company, written: str) -> None:
    """A slot that is filled in later may be an address."""
    company.change("domain.yml", GREETING, f"{GREETING}\n      {written}\n    - text: Hi.")
    if "tel:+44 20" in written:
        assert len(company.mistakes()) == 1  # a telephone number in a link has no blanks
        return
    assert (company.mistakes(), company.remarks()) == ([], [])

"""channels.yml: what it opens, and how it says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.gateway.channels.opening import OpenChannels, Telegram, Website, WebsiteExtras, load_channels
from bot.gateway.conversations.allowance import Amounts, InboundLimits

PROJECT = Path(__file__).parents[3]


def _load(tmp_path: Path, text: str) -> OpenChannels:
    path = tmp_path / "channels.yml"
    path.write_text(text, encoding="utf-8")
    return load_channels(path)


def test_the_projects_own_file_opens_the_website_only() -> None:
    """Nothing that needs a secret is open by default."""
    channels = load_channels(PROJECT / "channels.yml")
    assert channels.website is not None
    assert channels.website.allowed_origins == ()
    assert channels.telegram is None


def test_what_it_says_is_what_is_opened(tmp_path: Path) -> None:
    """Every setting of it."""
    text = """
website:
  enabled: true
  greeting: " Hi. "
  allowed_origins: [https://www.example.com, "http://localhost:3000"]
  new_conversations_per_minute: 5
  limits:
    visitor: {messages: 1, kilobytes: 16, typing: 2, ratings: 3}
    address: {messages: 4, kilobytes: 17, typing: 5, links: 6}
telegram:
  enabled: true
  limits:
    visitor: {messages: 7}
"""
    inbound = InboundLimits(Amounts(1, 16), Amounts(4, 17))
    extras = WebsiteExtras(typing=2, typing_by_address=5, ratings=3, links=6)
    website = Website("Hi.", ("https://www.example.com", "http://localhost:3000"), 5, inbound, extras)
    telegram = Telegram(inbound=InboundLimits(Amounts(7, InboundLimits().visitor.kilobytes)))
    assert _load(tmp_path, text) == OpenChannels(website, telegram)


def test_the_projects_own_file_says_the_defaults() -> None:
    """Whoever reads the file sees what acts, and leaving a line out changes nothing."""
    website = load_channels(PROJECT / "channels.yml").website
    assert website is not None
    assert (website.inbound, website.extras) == (InboundLimits(), WebsiteExtras())


@pytest.mark.parametrize("text", ["", "# nothing\n", "website:\n", "website:\n  enabled: false\n"])
def test_what_is_not_enabled_is_closed(tmp_path: Path, text: str) -> None:
    """No channel opens by being mentioned."""
    assert _load(tmp_path, text) == OpenChannels(None, None)


_WEBSITE = "website:\n  enabled: true\n  limits:\n"


@pytest.mark.parametrize(
    ("line", "says", "text"),
    [
        (2, "no setting 'greting'", "website:\n  greting: hello\n"),
        (1, "no setting 'whatsapp'", "whatsapp:\n  enabled: true\n"),
        (2, "enabled takes true or false", "website:\n  enabled: yes\n"),
        (2, "enabled takes true or false", "website:\n  enabled: 1\n"),
        (3, "above 0", "website:\n  enabled: true\n  new_conversations_per_minute: 0\n"),
        (3, "above 0", "website:\n  enabled: true\n  new_conversations_per_minute: many\n"),
        (2, "1 to 500 characters", "website:\n  greeting: ''\n"),
        (4, "without a path", "website:\n  allowed_origins:\n    - https://ok.example\n    - https://x.example/shop\n"),
        (2, "without a path", "website:\n  allowed_origins: ['*']\n"),
        (2, "must be a list", "website:\n  allowed_origins: https://x.example\n"),
        (4, "messages takes a whole number above 0", _WEBSITE + "    visitor: {messages: 0}\n"),
        (4, "messages takes a whole number above 0", _WEBSITE + "    visitor: {messages: -3}\n"),
        (4, "messages takes a whole number above 0", _WEBSITE + "    address: {messages: a lot}\n"),
        (4, "kilobytes takes a whole number above 15", _WEBSITE + "    visitor: {kilobytes: 15}\n"),
        (5, "no setting 'mesages'", _WEBSITE + "    visitor:\n      mesages: 5\n"),
        (4, "no setting 'vistor'", _WEBSITE + "    vistor: {messages: 5}\n"),
        (4, "no setting 'links'", _WEBSITE + "    visitor: {links: 5}\n"),
        (5, "(20) must be at least", _WEBSITE + "    visitor: {messages: 21}\n    address: {messages: 20}\n"),
        (4, "(240) must be at least", _WEBSITE + "    visitor: {messages: 241}\n"),
        (4, "(29) must be at least", _WEBSITE + "    address: {typing: 29}\n"),
        (3, "no setting 'address'", "telegram:\n  limits:\n    address: {messages: 5}\n"),
        (3, "appears twice", "website:\n  enabled: true\n  enabled: false\n"),
        (1, "`key: value`", "website: true\n"),
        (1, "`key: value`", "- website\n"),
        (2, "not YAML", "website:\n\tenabled: true\n"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(tmp_path: Path, line: int, says: str, text: str) -> None:
    """Whoever runs the gateway finds it at once."""
    with pytest.raises(SettingError) as caught:
        _load(tmp_path, text)
    assert f"channels.yml:{line}:" in str(caught.value)
    assert says in str(caught.value)


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    """A sentence, not a stack trace."""
    with pytest.raises(SettingError, match=r"channels\.yml"):
        load_channels(tmp_path / "channels.yml")
    (tmp_path / "channels.yml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingError, match=r"channels\.yml"):
        load_channels(tmp_path / "channels.yml")

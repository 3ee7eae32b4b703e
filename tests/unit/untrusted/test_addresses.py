"""Which addresses may be shown as ours (X19)."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.untrusted.addresses import is_own_path, may_be_shown

_HOME = "https://shop.example/help/page"


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/help/returns",
        "/help?x=1#costs",
        "https://help.shop.example/a",
        "http://shop.example:8080/ü",
        "HTTPS://a.b",
    ],
)
def test_paths_and_web_addresses_may_be_shown(url: str) -> None:
    """A path on our own site, and a whole address of the web."""
    assert may_be_shown(url)


@pytest.mark.parametrize(
    "url",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " /evil",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "https:evil.example",
        "https:///evil.example",
        "https://",
        "https://shop.example@evil.example/",
        "https://shop.example:443:1/",
        "https://shop.example:x/",
        "https://[::1/",
        "https://evil.example\\.shop.example",
        "https://shop.example/\u202egnp.exe",
        "https://shop\u200b.example/",
        "https://shop.example/\x1b[2J",
        "help/returns",
        "",
        "/" + "a" * 3000,
    ],
)
def test_whatever_leads_elsewhere_or_runs_is_refused(url: str) -> None:
    """Also what only browsers read as another site: backslashes, tabs, a name before an @."""
    assert not may_be_shown(url)


@given(st.text(alphabet="/\\.:@?#ab\t\n \u202e"))
def test_an_own_path_stays_on_its_site(path: str) -> None:
    """As a browser joins it to the page it stands on, backslashes read as slashes and tabs left out."""
    if is_own_path("/" + path):
        read = ("/" + path).replace("\\", "/").replace("\t", "").replace("\n", "")
        assert urlsplit(urljoin(_HOME, read)).netloc == "shop.example"

"""The playground is for this machine's own page only, and sends on what people type as Slack would."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.page.guard import refusal
from bot.playground.page.typed import as_sent
from bot.playground.workspace import BOT, User
from tests.tables import each_row

JOBBOT = User(BOT, "jobbot", "Training jobs", is_bot=True)
JSON = "application/json"


@each_row(
    "host, allowed",
    [
        ("127.0.0.1:3000", True),
        ("localhost:3000", True),
        ("LOCALHOST", True),
        ("[::1]:3000", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost@evil.example", False),
        ("192.168.0.7:3000", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_only_loopback_names(host: str, *, allowed: bool) -> None:
    """A foreign name that resolves here is how DNS rebinding comes in."""
    assert (refusal(host, "GET", "", None, None) is None) is allowed


@each_row(
    "content_type, origin, site, status",
    [
        (JSON, None, None, None),
        (JSON, "http://localhost:3000", "same-origin", None),
        ("text/plain", "http://localhost:3000", "same-origin", 415),
        ("application/x-www-form-urlencoded", None, None, 415),
        (JSON, "http://evil.example", None, 403),
        (JSON, "null", None, 403),
        (JSON, "http://localhost:3001", None, 403),
        (JSON, None, "cross-site", 403),
        (JSON, None, "same-site", 403),
    ],
)
def test_only_the_page_posts(
    content_type: str, origin: str | None, site: str | None, status: int | None
) -> None:
    """As JSON, from its own origin."""
    found = refusal("localhost:3000", "POST", content_type, origin, site)
    assert (found and found[0]) == status


@settings(max_examples=60)
@given(st.text(), st.text(), st.none() | st.text())
def test_any_header_is_judged(host: str, content_type: str, origin: str | None) -> None:
    """Nothing that can stand in a header makes it fail."""
    refusal(host, "POST", content_type, origin, origin)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("@jobbot help", f"<@{BOT}> help"),
        ("hey @JobBot, help", f"hey <@{BOT}>, help"),
        ("me@jobbot.example @jobbots", "me@jobbot.example @jobbots"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("see https://x.example/a?b=1&c=2.", "see <https://x.example/a?b=1&amp;c=2>."),
        ("<!channel>", "&lt;!channel&gt;"),
    ],
)
def test_typed_text_is_sent_as_slack_sends_it(typed: str, sent: str) -> None:
    """Escaped, linked, with the mention in Slack's form."""
    assert as_sent(typed, [JOBBOT]) == sent


@settings(max_examples=60)
@given(st.text())
def test_typed_text_never_holds_markup_of_its_own(typed: str) -> None:
    """Only links and the bot's mention are live."""
    sent = as_sent(typed, [JOBBOT])
    assert all(
        part.startswith((f"<@{BOT}>", "<http")) for part in sent.split("<")[1:] for part in [f"<{part}"]
    )

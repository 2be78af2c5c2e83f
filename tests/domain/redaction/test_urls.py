"""URLs: passwords and signatures go, the address stays."""

from __future__ import annotations

import pytest

from bot.domain.redaction import redact
from tests.tables import each_row


@each_row(
    "text, shown",
    [
        ("s3://bucket/data.jsonl", "s3://bucket/data.jsonl"),
        ("https://x.io/a?page=2#top", "https://x.io/a?page=2#top"),
        (
            "https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=ab",
            "https://b.s3.amazonaws.com/k?[redacted]",
        ),
        ("(https://b.io/k?Expires=1&Signature=ab~&Key-Pair-Id=K)", "(https://b.io/k?[redacted]"),
        (
            "https://c.blob.core.windows.net/f?sv=1&se=2&sig=a%3D rest",
            "https://c.blob.core.windows.net/f?[redacted] rest",
        ),
        (
            "https://storage.googleapis.com/b/o?X-Goog-Signature=ab",
            "https://storage.googleapis.com/b/o?[redacted]",
        ),
        ("<https://x.io/f?token=abc|label>", "<https://x.io/f?[redacted]|label>"),
        ("https://x.io/f?a=1&amp;access_token=abc", "https://x.io/f?[redacted]"),
        ("https://x.io/cb#access_token=abc&b=1", "https://x.io/cb#[redacted]"),
        ("b.s3.amazonaws.com/k?X-Amz-Signature=abc", "b.s3.amazonaws.com/k?X-Amz-Signature=[redacted]"),
        ("https://x.io/?u=https%3A%2F%2Fb%2Fk%3FX-Amz-Signature%3Dab", "https://x.io/?[redacted]"),
        ("wss://wss.slack.com/link/?ticket=abc&app_id=1", "wss://wss.slack.com/link/?[redacted]"),
    ],
)
def test_a_query_that_signs_goes(text: str, shown: str) -> None:
    """Scheme, host and path stay, and so does a query that signs nothing."""
    assert redact(text) == shown


@each_row(
    "text, shown",
    [
        ("postgresql+asyncpg://u:p@h/db", "postgresql+asyncpg://u:[redacted]@h/db"),
        ("redis://:p4ss@h:6379/0", "redis://:[redacted]@h:6379/0"),
        ("https://u:p@h:8080/a?b=c", "https://u:[redacted]@h:8080/a?b=c"),
        ("amqp://u:p@ss@h/v", "amqp://u:[redacted]@h/v"),
        ("postgres://u:p/a?s#s@h/db", "postgres://u:[redacted]@h/db"),
        ("https:\\/\\/u:p@h\\/x", "https:\\/\\/u:[redacted]@h\\/x"),
        ("https://x.io/?next=http://u:p@h/", "https://x.io/?next=http://u:[redacted]@h/"),
        ("https://0123456789abcdef0123@sentry.io/1", "https://[redacted]@sentry.io/1"),
        ("ssh://git@github.com/a/b", "ssh://git@github.com/a/b"),
        ("http://h:8080/mail?to=a@b.c", "http://h:8080/mail?to=a@b.c"),
        ("http://[::1]:8080/a@b", "http://[::1]:8080/a@b"),
        ("tcp://node-0:29500 and worker@host", "tcp://node-0:29500 and worker@host"),
    ],
)
def test_a_password_in_a_url_goes(text: str, shown: str) -> None:
    """Of any scheme, and also one that should have been encoded; ports are no passwords."""
    assert redact(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://hooks.slack.com/services/T0/B0/xyz", "https://hooks.slack.com/[redacted]"),
        ("<https://hooks.slack.com/commands/T0/1/xyz|x>", "<https://hooks.slack.com/[redacted]|x>"),
        ('"https:\\/\\/hooks.slack.com\\/services\\/T0\\/x"', '"https:\\/\\/hooks.slack.com/[redacted]"'),
        ("u=https%3A%2F%2Fhooks.slack.com%2Fservices%2FT0", "u=https%3A%2F%2Fhooks.slack.com/[redacted]"),
        ("https://hooks.slack-gov.com/services/T0/B0/x", "https://hooks.slack-gov.com/[redacted]"),
    ],
)
def test_slacks_webhook_and_response_urls_go(text: str, shown: str) -> None:
    """Whoever has one may post: the path is the secret."""
    assert redact(text) == shown

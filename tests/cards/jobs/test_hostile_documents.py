"""Every document yields a valid card and valid views: no limit broken, no markup live, no secret shown."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.gallery.documents import REQUEST_ID, RUNNING, SETTINGS
from bot.cards.jobs.job import job_card
from bot.cards.jobs.job_row import unfurl_blocks
from bot.cards.jobs.views import details_view, error_view
from bot.cards.subscriptions.feed_post import feed_post_card
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.job import JobStatus
from bot.domain.subscriptions.subscription import Subscription
from bot.playground.block_kit import message_problems, view_problems
from tests.cards.shown import NOW, card_of, live_markup, snapshot
from tests.nesting import nested

SECRETS = (
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
    "hf_AbCdEfGhIjKlMnOpQrStUvWxYz012345",
    "sk-proj-a1B2c3D4e5F6g7H8i9J0k1L2m3N4",
    "xoxb-123456789012-abcdefABCDEF0123456789",
    "AKIAIOSFODNN7EXAMPLE",
    "X-Amz-Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    "hunter2-in-the-url",
    "sec-91f0c7-the-name",
)
CARRIERS = (
    f"Authorization: Bearer {SECRETS[0]}",
    f"token {SECRETS[1]} and key {SECRETS[2]}",
    f"{SECRETS[3]}\n{SECRETS[4]}",
    f"https://bucket.s3.amazonaws.com/a/b.bin?X-Amz-Expires=60&{SECRETS[5]}",
    f"postgres://trainer:{SECRETS[6]}@db.internal:5432/jobs",
    f"secret_id={SECRETS[7]}",
    "Traceback:\n" + "  frame\n" * 9000 + f"RuntimeError: 401 for Bearer {SECRETS[0]}",
)
NASTY = (
    "<!channel> <@U0123ABC> <#C0123ABC> <https://evil.example|click>",
    "*bold* _it_ ~no~ `code` ```fence``` :tada: & &amp; &lt;",
    "\u202eexe.pdf \u2066\u2069 \x00\x07\x1b[31m \ud800",
    "שלום עולם " * 20,
    "👩\u200d👩\u200d👧" * 400,
    "&" * 3000,
    "x" * 100_000,
    "line\n" * 4000,
    "<string>",
    " \n\t ",
)
leaf = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.sampled_from([-5, 250, "52.5", 10**400, "2025-11-03T10:00:00", "2999-01-01T00:00:00Z", "yesterday"])
    | st.sampled_from(NASTY)
    | st.sampled_from(CARRIERS)
    | st.text(max_size=30)
)
anything = nested(
    leaf,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NASTY) | st.text(max_size=9), inner, max_size=4)
    ),
)


def _odd(document: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A job's document in which each field is as documented, odd, or absent."""
    fields = {
        key: (_odd(value) if isinstance(value, dict) else st.just(value)) | anything
        for key, value in document.items()
    }
    return st.fixed_dictionaries({}, optional=fields)


FEED = Recipient(Subscription("s", "T1", "C1", "org", REQUEST_ID, NOW, is_feed_post=True), "/job")
FEED_WITH_PAGES = replace(FEED, settings=SETTINGS, mention="S0123ABCD")
statuses = st.fixed_dictionaries(
    {}, optional={"status": st.sampled_from([*JobStatus, "PAUSED", "<!here>", None])}
)
jobs = st.builds(
    lambda document, status, extra: {**document, **status, "extra": extra}, _odd(RUNNING), statuses, anything
)


def _check(document: dict[str, Any]) -> None:
    seen = snapshot(json.dumps(document).encode())
    message = job_card(seen, request_id=REQUEST_ID, now=NOW, shareable=True, left_out=3).message()
    details = details_view(seen, request_id=REQUEST_ID, now=NOW)
    error = error_view(seen, request_id=REQUEST_ID)
    assert message_problems(message) == []
    assert view_problems(details) == []
    assert view_problems(error) == []
    assert 0 < len(message["text"]) < 300
    below = {"text": "-", "blocks": unfurl_blocks(seen, request_id=REQUEST_ID, now=NOW)}
    assert message_problems(below) == []
    posted = [feed_post_card(seen.job, recipient, NOW).message() for recipient in (FEED, FEED_WITH_PAGES)]
    assert [message_problems(post) for post in posted] == [[], []]
    assert all(0 < len(post["text"]) < 300 for post in posted)
    for body in (message, details, error, below, *posted):
        assert live_markup(body) == []
        sent = orjson.dumps(body).decode()
        assert [secret for secret in SECRETS if secret in sent] == []


@settings(max_examples=80, deadline=None)
@given(jobs)
def test_every_job_document_is_fit_to_show(document: dict[str, Any]) -> None:
    """Fields absent, null, of other types, hostile or huge."""
    _check(document)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(max_size=12), anything, max_size=6))
def test_every_object_is_fit_to_show(document: dict[str, Any]) -> None:
    """Documents that have nothing of a job."""
    _check(document)


@pytest.mark.parametrize("carrier", CARRIERS, ids=range(len(CARRIERS)))
def test_each_secret_in_each_field(carrier: str) -> None:
    """No text field lets a secret through, wherever it stands."""
    everywhere = {
        key: dict.fromkeys(value, carrier) if isinstance(value, dict) else carrier
        for key, value in RUNNING.items()
    }
    for status in ("FAILED", "COMPLETED", carrier):
        _check({**everywhere, "status": status})


def test_many_and_deep_fields_stay_within_the_limits() -> None:
    """Thousands of extra fields and deep nesting are cut, and the view says so."""
    deep: Any = "bottom"
    for _ in range(60):
        deep = {"deeper": deep}
    document = {**RUNNING, "deep": deep, **{f"field_{n}": "é" * 500 for n in range(3000)}}
    _check(document)
    view = details_view(snapshot(document), request_id=REQUEST_ID, now=NOW)
    assert "more lines left out" in json.dumps(view)


def test_three_thousand_character_names() -> None:
    """Long names are cut and say so."""
    card = card_of({**RUNNING, "experiment_name": "n" * 3000})
    title = card["blocks"][0]["text"]["text"].partition("\n")[0]
    assert title.endswith("n…*")
    assert len(title) < 90

"""No message has more characters than Slack takes, however a quote is counted; what is cut says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.channels.digest import digest_card
from bot.cards.gallery.documents import FAILED, RUNNING
from bot.cards.jobs.compare import compare_card
from bot.cards.jobs.job import job_card
from bot.cards.jobs.job_row import unfurl_blocks
from bot.cards.jobs.jobs_list import jobs_list_card
from bot.cards.jobs.report import report_card
from bot.cards.jobs.run import Run
from bot.cards.jobs.views import details_view, error_view
from bot.cards.jobs.which_one import Choice, which_one_card
from bot.cards.kit.card import Card, actions, button, context, header, preformatted, section
from bot.cards.kit.fitting import MESSAGE_CHARACTERS, encoded, fitted
from bot.cards.kit.text import SEPARATOR
from bot.cards.subscriptions.notification import notification_card
from bot.cards.subscriptions.renderer import Recipient
from bot.cards.subscriptions.subscription_list import watching_card
from bot.domain.channels.digest import Digest, FailureGroup, Period
from bot.domain.channels.digest import Run as DigestRun
from bot.domain.commands.search import read_query
from bot.domain.job import JobStatus, JobSummary, MetricPoint
from bot.domain.listing import JobListing, MetricsSnapshot
from bot.domain.subscriptions.notifications.job_updates import Failed
from bot.domain.subscriptions.subscription import SubscribedJob
from bot.playground.block_kit import message_problems, view_problems
from tests.cards.shown import NOW, live_markup, snapshot
from tests.cards.subscriptions.told import SUBSCRIPTION

FULL = ('"', "\\", '"\\', "\\n", "&", "é", "\N{SLIGHTLY SMILING FACE}", "训", '" · \\')
"""What takes the room of several, or might."""
STATUSES = ("RUNNING", "FAILED", "COMPLETED", "QUEUED")
POINTS = tuple(MetricPoint(key, 1.0, step=step) for key in ("loss", "eval_loss") for step in range(99))


def _document(full: str, status: str) -> dict[str, Any]:
    """A job of which every field is as long as it may be, and there are many more."""
    long = full * 300
    kept = {"created_at", "updated_at", "started_at", "completed_at"}

    def filled(value: dict[str, Any]) -> dict[str, Any]:
        return {
            key: filled(each) if isinstance(each, dict) else long if isinstance(each, str) else each
            for key, each in value.items()
            if key not in kept
        }

    frames = "\n".join(["Traceback (most recent call last):", *[f'  File "{full * 80}"'] * 200])
    return {
        **{key: RUNNING[key] for key in kept if key in RUNNING},
        **filled({**RUNNING, **FAILED}),
        **{f"field_{number}": long for number in range(99)},
        "status": status,
        "error_message": f"{frames}\nRuntimeError: {full * 2000}",
        "output_model_path": f"s3://{long}",
    }


def _of_a_job(full: str, status: str) -> Iterator[Card]:
    seen = snapshot(json.dumps(_document(full, status)).encode())
    an_id = (full * 300)[:300]
    run = Run(an_id, seen, MetricsSnapshot(POINTS, NOW))
    without = Run(an_id, seen)
    yield job_card(seen, request_id=an_id, now=NOW, shareable=True, left_out=3)
    yield report_card(run, now=NOW)
    yield report_card(without, now=NOW)
    yield compare_card([run, run, without], now=NOW)
    yield Card("-", unfurl_blocks(seen, request_id=an_id, now=NOW))


def _of_many(full: str, status: str) -> Iterator[Card]:
    ids = [f"{number}{full * 90}"[:90] for number in range(30)]
    name = full * 300
    jobs = [JobSummary(each, name, JobStatus(status), status, base_model=name) for each in ids]
    listing = JobListing(tuple(jobs), NOW)
    yield jobs_list_card(listing, read_query([]), now=NOW, slash_command="/job")
    choices = [(job, Choice("watch", (job.request_id,))) for job in jobs]
    yield which_one_card(name, choices, matches=len(choices), slash_command="/job")
    followed = [
        SubscribedJob(
            replace(SUBSCRIPTION, id=str(number), request_id=each), name, status, 5.0, conditions=(name,) * 5
        )
        for number, each in enumerate(ids)
    ]
    yield watching_card(followed, channel_id=SUBSCRIPTION.channel_id, slash_command="/job")
    runs = tuple(DigestRun(request_id=each, name=name, progress=5.0) for each in ids)
    failures = tuple(FailureGroup(reason=name, count=9, runs=runs) for _ in range(9))
    digest = Digest(
        period=Period.WEEKLY,
        since=NOW,
        until=NOW,
        completed_runs=runs,
        failures=failures,
        running_runs=runs,
    )
    yield digest_card(digest, slash_command="/job")
    told = Failed(
        once_key="1",
        at=NOW,
        name=name,
        error_message=f"{name}\n" * 90,
        cause=name,
        advice=name,
    )
    yield notification_card(told, Recipient(SUBSCRIPTION, "/job"))


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("full", FULL)
def test_the_fullest_cards_are_taken(full: str, status: str) -> None:
    """And every view."""
    for card in (*_of_a_job(full, status), *_of_many(full, status)):
        message: dict[str, Any] | None = card.message()
        while message is not None:
            plainer = message.pop("plainer", None)
            assert message_problems(message) == []
            assert live_markup(message) == []
            message = plainer
    seen = snapshot(json.dumps(_document(full, status)).encode())
    for view in (details_view(seen, request_id=full * 90, now=NOW), error_view(seen, request_id=full * 90)):
        assert view_problems(view) == []
        assert len(json.dumps(view)) < 250_000


texts = st.text('ab"\\\n&é\N{SLIGHTLY SMILING FACE}', min_size=1, max_size=60)
lines = st.lists(texts, min_size=1, max_size=40).map(SEPARATOR.join)
blocks = st.one_of(
    lines.map(section),
    lines.map(lambda words: section(words, button("Open", "open", "x" * 400))),
    st.lists(lines, min_size=1, max_size=3).map(context),
    texts.map(header),
    st.lists(texts, min_size=1, max_size=50).map(lambda found: preformatted("\n".join(found))),
    texts.map(lambda words: actions([button("Stop", "stop", words * 30)])),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(blocks, max_size=30))
def test_whatever_the_blocks_are_they_fit_and_keep_their_buttons(found: list[dict[str, Any]]) -> None:
    """What fits stays as it is, and the blocks that are given are never changed."""
    before = json.dumps(found)
    kept = fitted(found)
    rows = [block for block in found if block["type"] == "actions"]
    if encoded(rows) < MESSAGE_CHARACTERS // 2:
        assert encoded(kept) <= MESSAGE_CHARACTERS
    assert [block for block in kept if block["type"] == "actions"] == rows
    assert json.dumps(found) == before
    if encoded(found) <= MESSAGE_CHARACTERS:
        assert kept == found


def test_a_long_log_keeps_its_end() -> None:
    """There stands what was raised; and what is cut says so."""
    log = "\n".join(f'  File "{number}"' for number in range(1500)) + "\nRuntimeError: out of memory"
    first, second = fitted([section("What happened"), preformatted(log)])
    assert first == section("What happened")
    shown = second["elements"][0]["elements"][0]["text"]
    assert shown.startswith("…")
    assert shown.endswith("RuntimeError: out of memory")
    assert MESSAGE_CHARACTERS * 0.9 < encoded([first, second]) <= MESSAGE_CHARACTERS


def test_remarks_are_left_out_whole_and_rows_are_counted() -> None:
    """No markup is cut in two."""
    long = section(SEPARATOR.join(f"`a\\{number}`" for number in range(400)))
    (shown,) = {block["text"]["text"] for block in fitted([long] * 6)}
    assert shown.endswith("`…")
    rows = [section("a row", button("Open", "open", '"' * 900)) for _ in range(20)]
    kept = fitted([*rows, actions([button("Older", "older", "2")])])
    assert kept[-1]["type"] == "actions"
    assert (
        kept[-2]["elements"][0]["text"]
        == f"{22 - len(kept)} more left out: Slack limits how long a message can be."
    )

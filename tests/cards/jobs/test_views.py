"""The windows: the whole configuration, the full error, loading, a failure."""

from __future__ import annotations

import json

from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID, RUNNING
from bot.cards.jobs.views import details_view, error_view, failure_view, loading_view
from bot.cards.kit.error import error_card
from bot.domain.errors import UpstreamFailedError
from bot.playground.block_kit import view_problems
from tests.cards.shown import NOW, snapshot, words


def test_details_show_every_field_in_groups() -> None:
    """Readable labels, groups in order; also fields nobody documented."""
    view = details_view(
        snapshot({**RUNNING, "retry_policy": {"max_attempts": 3}}), request_id=REQUEST_ID, now=NOW
    )
    shown = words(view)
    titles = [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"]
    assert titles == ["Model", "Training", "Data", "Hardware", "Times", "Other"]
    for expected in (
        "Base model: meta-llama/Llama-3.1-8B-Instruct",
        "Quantization bits: 4",
        "Gradient checkpointing: yes",
        "Adapter / Target modules: q_proj, k_proj, v_proj",
        "Prompt / System: You are a patient support agent.",
        "Split / Ratios: 0.9, 0.1",
        "GPUs per node: 2",
        "Started: 2025-11-03 10:04 UTC",
        "Retry policy / Max attempts: 3",
    ):
        assert expected in shown


def test_details_never_show_secrets() -> None:
    """Neither ``secret_id`` nor any field named like a secret, at any depth."""
    document = {
        **RUNNING,
        "secret_id": "sec-top",
        "extra": [{"api_key": "sec-deep"}, {"Password": "sec-word"}],
        "wandb": {"token": "sec-token"},
    }
    sent = json.dumps(details_view(snapshot(document), request_id=REQUEST_ID, now=NOW))
    assert "sec-" not in sent
    assert "ecret" not in sent


def test_details_leave_out_what_is_empty() -> None:
    """No label without a value."""
    shown = words(details_view(snapshot(documents.NULLS), request_id=REQUEST_ID, now=NOW))
    assert shown == f"*❔ Status not reported*\nJob ID: `{REQUEST_ID}`"


def test_details_of_odd_documents_show_what_is_there() -> None:
    """A list where an object belongs, and a time that is none, are shown as sent."""
    shown = words(details_view(snapshot(documents.HOSTILE), request_id=REQUEST_ID, now=NOW))
    assert "Train config: a list, where an object belongs" in shown
    assert "Created: yesterday" in shown


def test_details_say_how_fresh_they_are() -> None:
    """From the cache: as of; while the API is down: the warning."""
    cached = snapshot(RUNNING, seconds_ago=6, from_cache=True)
    stale = snapshot(RUNNING, seconds_ago=720, failure=UpstreamFailedError())
    assert "As of" in words(details_view(cached, request_id=REQUEST_ID, now=NOW))
    assert "Not current" in words(details_view(stale, request_id=REQUEST_ID, now=NOW))


def test_full_error_is_whole_when_it_fits() -> None:
    """100 kB fits, line for line."""
    view = error_view(snapshot(documents.FAILED_AT_LENGTH), request_id=REQUEST_ID)
    pieces = [block["elements"][0]["elements"][0]["text"] for block in view["blocks"][1:]]
    assert "\n".join(pieces) == documents.FAILED_AT_LENGTH["error_message"].rstrip("\n")


def test_full_error_keeps_the_end_and_says_so() -> None:
    """Of 1 MB the end is shown, as much as a view holds."""
    message = "\n".join(f'step {n}: "ünïcode"' for n in range(50_000)) + "\nValueError: the end"
    view = error_view(snapshot({**documents.FAILED, "error_message": message}), request_id=REQUEST_ID)
    assert view_problems(view) == []
    assert f"The error has {len(message):,} characters. These are the last" in words(view)
    assert words(view).endswith("ValueError: the end")
    assert len(json.dumps(view)) > 180_000


def test_full_error_of_none() -> None:
    """A job without an error says that."""
    assert "report a reason" in words(error_view(snapshot(RUNNING), request_id=REQUEST_ID))


def test_loading_names_the_job() -> None:
    """The window opens before the answer is there."""
    assert REQUEST_ID[:8] in words(loading_view(REQUEST_ID))
    assert view_problems(loading_view(REQUEST_ID)) == []


def test_failure_in_a_window_has_no_buttons() -> None:
    """[Try again] needs a conversation to answer in."""
    card = error_card(
        UpstreamFailedError(), reference="ab12cd34", slash_command="/job", request_id=REQUEST_ID
    )
    view = failure_view(card)
    assert view_problems(view) == []
    assert "actions" not in [block["type"] for block in view["blocks"]]
    assert "ab12cd34" in words(view)

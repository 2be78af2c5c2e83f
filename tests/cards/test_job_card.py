"""The card of a job: what it says, in which order, and what it leaves unsaid."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID, RUNNING
from bot.cards.jobs.job import job_card
from bot.cards.kit import actions
from bot.domain.errors import KeyRejectedError, TrainingApiError, UpstreamTimeoutError
from tests.cards.shown import NOW, card_of, labels, live_markup, snapshot, words


def _with(**fields: Any) -> dict[str, Any]:
    return {**RUNNING, **fields}


def test_says_everything_in_order() -> None:
    """Header, progress, fields, actions, context."""
    card = card_of(RUNNING)
    assert [block["type"] for block in card["blocks"]] == [
        "header",
        "section",
        "section",
        "actions",
        "context",
    ]
    assert words(card).splitlines()[:15] == [
        "🔵 Running · support-assistant-v3",
        "■■■■□□□□ 52%",
        "Running for 3 h 12 min · about 2 h 53 min left",
        "*Model*",
        "`meta-llama/Llama-3.1-8B-Instruct`",
        "LLM · 4-bit",
        "*Method*",
        "SFT · LoRA r 16, \u03b1 32",
        "LR 1e-4 · 3 epochs · batch 8 per GPU",
        "*Dataset*",
        "`support-dialogues-2025`",
        "ShareGPT · JSONL · S3",
        "*Hardware*",
        "2 nodes \u00d7 2 \u00d7 H100",
        "12.8 GPU-hours so far",
    ]


def test_sentence_says_the_whole_thing() -> None:
    """Notifications and screen readers get it in one short sentence."""
    assert card_of(RUNNING)["text"] == (
        "Training job support-assistant-v3 has been running for 3 h 12 min: 52%, about 2 h 53 min left"
    )
    assert card_of(documents.QUEUED)["text"].endswith("has been queued for 12 min 20 s")
    assert card_of(documents.COMPLETED)["text"].endswith("completed after 2 h 58 min")
    assert "failed after 2 h 38 min: torch.OutOfMemoryError" in card_of(documents.FAILED)["text"]
    assert card_of(documents.CANCELLED)["text"].endswith("was cancelled after 1 h 5 min")
    assert card_of({})["text"] == f"Training job {REQUEST_ID} has no reported status"
    assert all(len(card_of(_with(experiment_name=name))["text"]) < 300 for name in ("&" * 3000, "😀" * 999))


def test_queued_says_how_long_it_has_waited() -> None:
    """No bar before there is progress."""
    shown = words(card_of(documents.QUEUED))
    assert "Waiting for 12 min 20 s" in shown
    assert "%" not in shown


def test_no_eta_before_two_percent() -> None:
    """Too early to tell is not told."""
    assert "left" not in words(card_of(documents.STARTING))


def test_a_forecast_knows_no_seconds() -> None:
    """What is left is told in minutes, "about" as it is."""
    assert "about 44 min left" in words(card_of(_with(progress=81.0)))


def test_failed_leads_with_the_cause() -> None:
    """The last exception first, its frames after it, and the whole one click away."""
    card = card_of(documents.FAILED)
    (error,) = [block for block in card["blocks"] if block["type"] == "rich_text"]
    lines = error["elements"][0]["elements"][0]["text"].splitlines()
    assert lines[0].startswith("torch.OutOfMemoryError: CUDA out of memory.")
    assert any("trainer.py" in line for line in lines)
    assert labels(card) == ["Refresh", "Details", "Full error", "Metrics", "Subscribe"]


def test_failed_without_a_reason_says_so() -> None:
    """And offers no error to open."""
    card = card_of(documents.FAILED_SILENTLY)
    assert "report a reason" in words(card)
    assert labels(card) == ["Refresh", "Details", "Metrics", "Subscribe"]


def test_completed_shows_where_the_model_is() -> None:
    """Path and duration."""
    shown = words(card_of(documents.COMPLETED))
    assert "Took 2 h 58 min" in shown
    assert "`s3://trained-models/support-assistant-v3/final`" in shown


def test_signed_output_path_loses_its_signature() -> None:
    """A signed URL would let every reader download the model."""
    path = "https://bucket.s3.amazonaws.com/m.bin?X-Amz-Signature=0123456789abcdef&X-Amz-Expires=60"
    shown = words(card_of({**documents.COMPLETED, "output_model_path": path}))
    assert "bucket.s3.amazonaws.com/m.bin" in shown
    assert "0123456789abcdef" not in shown


@pytest.mark.parametrize("word", ["CANCELLED", "CANCELED", "canceled"])
def test_cancelled_says_when(word: str) -> None:
    """Both spellings are one status."""
    shown = words(card_of({**documents.CANCELLED, "status": word}))
    assert "Cancelled 2025-11-03 11:09 UTC after 1 h 5 min" in shown
    without_end = words(card_of({**documents.CANCELLED, "completed_at": None}))
    assert "Last change 2025-11-03 11:09 UTC" in without_end


def test_unknown_status_is_shown_as_sent() -> None:
    """And an absent one is called absent."""
    assert words(card_of(_with(status="PAUSED"))).startswith("❔ Status: PAUSED · support-assistant-v3")
    assert words(card_of(_with(status=None))).startswith("❔ Status not reported · support-assistant-v3")


def test_only_says_what_is_known() -> None:
    """An empty document is a header, buttons and the id; nothing is called None or unknown."""
    for document in (documents.EMPTY, documents.NULLS):
        card = card_of(document)
        assert [block["type"] for block in card["blocks"]] == ["header", "actions", "context"]
        assert "None" not in words(card)
        assert "nknown" not in words(card)


def test_partly_known_hardware_and_method() -> None:
    """Each part stands alone."""
    assert "*Hardware*\nH100" in words(card_of({"infra_config": {"gpu_type": "h100"}}))
    assert "*Hardware*\n8 GPUs" in words(card_of({"infra_config": {"gpu_count": "8"}}))
    assert "*Hardware*\n1 node \u00d7 1 GPU" in words(
        card_of({"infra_config": {"gpu_count": 1, "node_count": 1}})
    )
    assert "Hardware" not in words(card_of({"infra_config": {"gpu_count": 0, "node_count": -1}}))
    full = {"train_config": {"type": "dpo", "train_type": "full", "adapter_config": {"r": 8}}}
    assert "*Method*\nDPO · full fine-tuning" in words(card_of(full))
    assert "adapter r 8" in words(card_of({"train_config": {"adapter_config": {"r": 8}}}))


@pytest.mark.parametrize(
    ("progress", "shown"),
    [
        (-5, "\n0%\n"),
        (250, "\n100%\n"),
        ("99.9", "■■■■■■■□ 99%"),
        (52.4, "■■■■□□□□ 52%"),
    ],
)
def test_progress_is_clamped_and_never_rounded_up(progress: object, shown: str) -> None:
    """100 % means that it is reached."""
    assert shown in words(card_of(_with(progress=progress)))


def test_buttons_ask_for_the_asked_id() -> None:
    """The document's own id counts only where none was asked for; without any there are no buttons."""
    elements = card_of(_with(request_id="<string>"), shareable=True)["blocks"][3]["elements"]
    assert {element["action_id"] for element in elements} < actions.ABOUT_JOBS
    assert {element["value"] for element in elements} == {REQUEST_ID}
    own = job_card(snapshot(_with(request_id="job-7")), now=NOW).message()
    assert own["blocks"][3]["elements"][0]["value"] == "job-7"
    assert labels(job_card(snapshot({}), now=NOW).message()) == []


def test_from_cache_says_as_of() -> None:
    """A reader knows how old the answer is."""
    card = job_card(snapshot(RUNNING, seconds_ago=6, from_cache=True), request_id=REQUEST_ID, now=NOW)
    assert "As of 2025-11-03 13:15 UTC" in words(card.message())
    assert "As of" not in words(card_of(RUNNING))


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (UpstreamTimeoutError(), "isn't answering in time"),
        (KeyRejectedError(), "rejects the bot's API key"),
        (TrainingApiError(), "isn't answering"),
    ],
)
def test_stale_card_warns(failure: TrainingApiError, reason: str) -> None:
    """How old, and why; and times are counted to when it was seen."""
    card = job_card(snapshot(RUNNING, seconds_ago=720, failure=failure), request_id=REQUEST_ID, now=NOW)
    last = words({"blocks": card.blocks[-1:]})
    assert reason in last
    assert "This is from 12 min ago (2025-11-03 13:04 UTC)" in last
    assert "Running for 3 h\n" in words(card.message())
    assert card.text.startswith("Not current, from 12 min ago: ")


def test_shared_and_left_out_are_said() -> None:
    """Who shared it, and how many ids were not answered; an odd user id is not believed."""
    assert "Shared by <@U0123ABC>" in words(card_of(RUNNING, shared_by="U0123ABC"))
    assert "Shared" not in words(card_of(RUNNING, shared_by="U1> <!channel"))
    assert "Showing 5 of 7 (limit is 5 at a time)" in words(card_of(RUNNING, left_out=2))


def test_vendors_example_shows_its_placeholders() -> None:
    """The document as printed on the vendor's page: no status, ``<string>`` everywhere."""
    card = card_of(documents.EXAMPLE)
    assert words(card).startswith("🏁 Ended, status not reported · <string>\n100%")
    assert live_markup(card) == []

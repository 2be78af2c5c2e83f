"""The card of a job: what it says, in which order, and what it leaves unsaid."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID, RUNNING, SETTINGS
from bot.cards.jobs.job import job_card
from bot.cards.jobs.job_lines import JobFacts
from bot.domain.errors import KeyRejectedError, TrainingApiError, UpstreamTimeoutError
from tests.cards.shown import FINDING, LOSSES, NOW, card_of, labels, live_markup, menu, snapshot, words

ID_LINK = f"https://console.example/jobs/{REQUEST_ID}"
TIMES = " \N{MULTIPLICATION SIGN} "


def _with(**fields: Any) -> dict[str, Any]:
    return {**RUNNING, **fields}


def _lines(document: dict[str, Any], **more: Any) -> list[str]:
    return words(card_of(document, **more)).splitlines()


def test_says_everything_in_order() -> None:
    """Black: status and name, progress, loss; gray: what it is, on what, when; then the buttons."""
    card = card_of(RUNNING, facts=JobFacts(losses=LOSSES), settings=SETTINGS)
    assert [block["type"] for block in card["blocks"]] == ["section", "context", "actions"]
    assert words(card).splitlines()[:6] == [
        f"🔵 *Running* · *<{ID_LINK}|support-assistant-v3>*",
        "■■■■□□□□ 52% · 2 h 53 min left (\N{ALMOST EQUAL TO} 2025-11-03 16:09 UTC)",
        "Loss 0.981 ↓ · best eval 1.09 at step 2,085",
        "Llama-3.1-8B-Instruct · SFT, LoRA r16",
        f"support-dialogues-2025 · 2 nodes{TIMES}2{TIMES}H100 · 12.8 GPU-hours, $32.00",
        "Started 2025-11-03 10:04 UTC · as of 2025-11-03 13:16 UTC · 3fe92c25",
    ]


def test_the_whole_id_is_only_in_the_text_and_the_buttons() -> None:
    """A full UUID takes a line of a phone and nobody reads it; threads find their job by the text."""
    card = card_of(RUNNING)
    assert REQUEST_ID not in words(card)
    assert card["text"].endswith(f"({REQUEST_ID})")


def test_sentence_says_the_whole_thing() -> None:
    """Notifications and screen readers get it in one short sentence."""

    def said(document: dict[str, Any], **facts: Any) -> str:
        text: str = card_of(document, facts=JobFacts(**facts))["text"]
        return text.removesuffix(f" ({REQUEST_ID})")

    assert said(RUNNING) == "support-assistant-v3 is running: 52%, about 2 h 53 min left"
    assert said(documents.QUEUED).endswith("has been queued for 12 min")
    assert said(documents.COMPLETED, losses=LOSSES).endswith("completed in 2 h 58 min, best eval loss 1.093")
    assert "failed after 2 h 38 min: CUDA out of memory: batch 8" in said(documents.FAILED)
    assert said(documents.FAILED_UNKNOWN).endswith(
        "failed after 2 h 38 min: RuntimeError: shard 3 has no labels_v2"
    )
    assert said(documents.CANCELLED).endswith("was cancelled after 1 h 5 min, at 18%")
    assert said(RUNNING, finding=FINDING).endswith(
        "but something looks wrong: loss rose from 0.91 (step 226) to 7.4"
    )
    assert said({}) == f"{REQUEST_ID} has no reported status"
    assert all(len(card_of(_with(experiment_name=name))["text"]) < 300 for name in ("&" * 3000, "😀" * 999))


def test_queued_says_how_long_it_has_waited() -> None:
    """No bar before there is progress, and no hardware used."""
    lines = _lines(documents.QUEUED)
    assert lines[1] == "For 12 min, since 2025-11-03 13:03 UTC"
    assert lines[4] == "As of 2025-11-03 13:16 UTC · 3fe92c25"
    assert "%" not in " ".join(lines)
    assert "GPU-hours" not in " ".join(lines)


def test_no_eta_before_two_percent() -> None:
    """Too early to tell is not told."""
    assert "left" not in words(card_of(documents.STARTING))


def test_a_forecast_knows_no_seconds() -> None:
    """What is left is told in minutes, with the time of day it comes to."""
    assert "44 min left (\N{ALMOST EQUAL TO} 2025-11-03 14:00 UTC)" in words(card_of(_with(progress=81.0)))


def test_what_is_far_away_is_told_with_its_day() -> None:
    """A time of day alone would be taken for today's."""
    slow = card_of(_with(progress=10.0))["blocks"][0]["text"]["text"]
    near = card_of(_with(progress=60.0))["blocks"][0]["text"]["text"]
    assert ("^{date_short_pretty} {time}|" in slow, "^{time}|" in near) == (True, True)


def test_completed_shows_where_the_model_is() -> None:
    """Path and duration; the likely next steps are the buttons."""
    card = card_of(documents.COMPLETED)
    assert "`s3://trained-models/support-assistant-v3/final`" in words(card)
    assert "Ended 2025-11-03 13:02 UTC, took 2 h 58 min · 3fe92c25" in words(card)
    assert labels(card) == ["Metrics", "Report"]
    assert list(menu(card)) == ["Details", "Refresh"]


def test_signed_output_path_loses_its_signature() -> None:
    """A signed URL would let every reader download the model."""
    path = "https://bucket.s3.amazonaws.com/m.bin?X-Amz-Signature=0123456789abcdef&X-Amz-Expires=60"
    shown = words(card_of({**documents.COMPLETED, "output_model_path": path}))
    assert "bucket.s3.amazonaws.com/m.bin" in shown
    assert "0123456789abcdef" not in shown


@pytest.mark.parametrize("word", ["CANCELLED", "CANCELED", "canceled"])
def test_cancelled_says_how_far_it_came_and_when(word: str) -> None:
    """Both spellings are one status."""
    lines = _lines({**documents.CANCELLED, "status": word}, facts=JobFacts(losses=LOSSES))
    assert lines[0].startswith("➖ *Cancelled*")
    assert lines[1] == "At 18%, after 1 h 5 min · best eval 1.09"
    assert lines[4] == "Ended 2025-11-03 11:09 UTC · 3fe92c25"
    without_end = words(card_of({**documents.CANCELLED, "completed_at": None}))
    assert "Last change 2025-11-03 11:09 UTC" in without_end


def test_unknown_status_is_shown_as_sent() -> None:
    """And an absent one is called absent."""
    assert _lines(_with(status="PAUSED"))[0] == "❔ *Status:* PAUSED · *support-assistant-v3*"
    assert _lines(_with(status="*PAUSED*"))[0] == "❔ *Status:* `*PAUSED*` · *support-assistant-v3*"
    assert _lines(_with(status=None))[0] == "❔ *Status not reported* · *support-assistant-v3*"


def test_only_says_what_is_known() -> None:
    """An empty document is a line, when it was seen, and buttons; nothing is called None or unknown."""
    for document in (documents.EMPTY, documents.NULLS):
        card = card_of(document)
        assert words(card).splitlines()[:2] == [
            "❔ *Status not reported* · *3fe92c25*",
            "As of 2025-11-03 13:16 UTC",
        ]
        assert "None" not in words(card)
        assert "nknown" not in words(card)


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
    """100 % means that it is reached; at 0 and 100 % the number is enough."""
    assert shown in words(card_of(_with(progress=progress)))


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (UpstreamTimeoutError(), "isn't answering in time"),
        (KeyRejectedError(), "rejects the bot's API key"),
        (TrainingApiError(), "isn't answering"),
    ],
)
def test_stale_card_warns_first(failure: TrainingApiError, reason: str) -> None:
    """Why, and from when; times are counted to when it was seen; the next step is to try again."""
    seen = snapshot(documents.RUNNING_BEFORE, seconds_ago=720, failure=failure)
    card = job_card(seen, request_id=REQUEST_ID, now=NOW).message()
    lines = words(card).splitlines()
    assert reason in lines[0]
    assert lines[1] == "Last known state, from 2025-11-03 13:04 UTC:"
    assert "· was due \N{ALMOST EQUAL TO} 2025-11-03" in lines[3]
    assert "as of" not in words(card)
    assert labels(card) == ["Try again"]
    assert list(menu(card)) == ["Details", "Subscribe"]
    assert card["text"].startswith("Not current, from 12 min ago: ")


def test_shared_and_left_out_are_said() -> None:
    """Who shared it, and how many ids were not answered; an odd user id is not believed."""
    assert "Shared by <@U0123ABC>" in words(card_of(RUNNING, shared_by="U0123ABC"))
    assert "Shared" not in words(card_of(RUNNING, shared_by="U1> <!channel"))
    assert "Showing 5 of 7 (limit is 5 at a time)" in words(card_of(RUNNING, left_out=2))


def test_vendors_example_shows_its_placeholders() -> None:
    """The document as printed on the vendor's page: no status, ``<string>`` everywhere."""
    card = card_of(documents.EXAMPLE)
    assert words(card).startswith("🏁 *Ended, status not reported* · `<string>`\n")
    assert live_markup(card) == []

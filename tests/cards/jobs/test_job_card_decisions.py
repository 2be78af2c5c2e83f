"""What needs a decision on a job's card: why it failed, what looks wrong, where the loss goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID, RUNNING
from bot.cards.jobs.job_lines import JobFacts
from bot.domain.curves.metrics_facts import LossFacts
from bot.domain.curves.run_doctor import Finding, FindingClass
from tests.cards.shown import FINDING, LOSSES, card_of, labels, live_markup, menu, words


def _with(**fields: Any) -> dict[str, Any]:
    return {**RUNNING, **fields}


def _lines(document: dict[str, Any], **more: Any) -> list[str]:
    return words(card_of(document, **more)).splitlines()


@pytest.mark.parametrize(
    ("losses", "live", "ended"),
    [
        (LOSSES, "Loss 0.981 ↓ · best eval 1.09 at step 2,085", "Best eval 1.093 at step 2,085 · last 1.117"),
        (replace(LOSSES, evaluation=None), "Loss 0.981 ↓", "Best loss 0.95 at step 1,200 · last 0.9814"),
        (
            replace(LOSSES, train=None),
            "Eval loss 1.12 → · best 1.09 at step 2,085",
            "Best eval 1.093 at step 2,085 · last 1.117",
        ),
    ],
)
def test_loss_is_said_as_far_as_it_is_known(losses: LossFacts, live: str, ended: str) -> None:
    """The last value first while it moves, the best first once it is over."""
    assert _lines(RUNNING, facts=JobFacts(losses=losses))[2] == live
    assert _lines(documents.COMPLETED, facts=JobFacts(losses=losses))[1] == ended


def test_a_finding_comes_second_and_the_loss_moves_down() -> None:
    """What needs a decision stands under the name, with what to try first and a way to hide it."""
    card = card_of(RUNNING, facts=JobFacts(losses=LOSSES, finding=FINDING))
    lines = words(card).splitlines()
    assert lines[1:3] == [
        "⚠️ *Loss is diverging*: loss rose from 0.91 (step 226) to 7.4",
        "*Try:* a lower rate",
    ]
    assert lines[3].startswith("■■■■□□□□ 52%")
    assert lines[4] == "Best eval 1.09"
    assert menu(card)["Hide this warning"] == f'finding.not_helpful ["diverging","{REQUEST_ID}"]'


def test_a_completed_job_whose_loss_diverged_is_a_warning() -> None:
    """It is no success to be glad of."""
    lines = _lines(documents.COMPLETED, facts=JobFacts(losses=LOSSES, finding=FINDING))
    assert lines[0] == "⚠️ *Completed* · *support-assistant-v3*"
    assert lines[1].startswith("*But the loss diverged*: ")
    assert lines[3].startswith("Best eval 1.093")


@pytest.mark.parametrize("name", FindingClass)
def test_every_finding_has_words(name: FindingClass) -> None:
    """Of a job that runs and of one that ended."""
    for document in (RUNNING, documents.COMPLETED):
        assert "evidence" in words(
            card_of(document, facts=JobFacts(finding=Finding(name, "evidence", "Look.")))
        )


def test_failed_leads_with_the_cause_and_what_to_try() -> None:
    """One telling line of the error in code, and the whole one click away."""
    card = card_of(documents.FAILED, shareable=True)
    assert words(card).splitlines()[:4] == [
        "❌ *Failed* · *support-assistant-v3*",
        "*CUDA out of memory*: batch 8, 4,096 tokens",
        "*Try:* batch 4 with gradient accumulation 2",
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.37 GiB. …",
    ]
    (error,) = [block for block in card["blocks"] if block["type"] == "rich_text"]
    assert error["elements"][0]["elements"][0]["style"] == {"code": True}
    assert "Ended 2025-11-03 12:42 UTC at 46%, after 2 h 38 min · 3fe92c25" in words(card)
    assert labels(card) == ["Full error", "Metrics"]
    assert list(menu(card)) == ["Details", "Report", "Refresh", "Share in channel"]


def test_an_unknown_failure_gets_its_last_lines_and_no_guess() -> None:
    """Where it happened and what was said; nothing to try."""
    card = card_of(documents.FAILED_UNKNOWN)
    lines = words(card).splitlines()
    assert lines[1:4] == [
        "I don't recognize this error:",
        'File "/opt/train/collate.py", line 61',
        "RuntimeError: shard 3 has no labels_v2",
    ]
    assert "Try:" not in words(card)
    assert labels(card) == ["Full error", "Metrics"]


def test_failed_without_a_reason_says_so() -> None:
    """And offers no error to open."""
    card = card_of(documents.FAILED_SILENTLY)
    assert "Simplismart didn't report a reason." in words(card)
    assert labels(card) == ["Metrics"]


def test_a_hostile_diagnosis_is_no_markup() -> None:
    """Its words come from the document."""
    hostile = {**documents.FAILED, "dataset_details": {"dataset_name": "*x* <!channel> `y` :tada:"}}
    hostile["error_message"] = "FileNotFoundError: Couldn't find any data file at /data/x.jsonl"
    card = card_of(hostile)
    assert live_markup(card) == []
    assert "*x*" not in card["blocks"][0]["text"]["text"]

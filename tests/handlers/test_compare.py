"""``/job compare``: two or three runs side by side."""

from __future__ import annotations

import json

import pytest

from bot.cards.gallery.metrics import points
from tests.handlers.neighbours import Neighbourhood

A, B, C, D = (f"{n}1111111-2222-3333-4444-555555555555" for n in "abcd")
CONFIGURED = {"train_config": {"type": "sft", "hyperparameters": {"learning_rate": 1e-4, "num_epochs": 3}}}
OTHERWISE = {"train_config": {"type": "sft", "hyperparameters": {"learning_rate": 2e-4, "num_epochs": 3}}}
TIMES = {"started_at": "2025-11-03T10:00:00Z", "completed_at": "2025-11-03T12:00:00Z"}


@pytest.fixture
def here() -> Neighbourhood:
    """Two runs that differ in one setting."""
    made = Neighbourhood()
    infra = {"infra_config": {"gpu_type": "h100", "gpu_count": 2}}
    made.jobs.give(A, experiment_name="first", status="COMPLETED", **CONFIGURED, **TIMES, **infra)
    made.jobs.give(B, experiment_name="second", status="FAILED", **OTHERWISE, **TIMES, **infra)
    made.jobs.points |= {A: points(2000, 0.9), B: points(1000, 0.7)}
    return made


async def test_only_what_differs_is_told(here: Neighbourhood) -> None:
    """With what came of each run: outcome, duration, GPU-hours, best eval loss."""
    (answer,) = await here.ask(f"compare {A} {B}")
    shown = answer.replace("\u00a0", " ")
    assert "Learning rate: A 1e-4 · B 2e-4" in shown
    assert "Epochs" not in shown
    assert "Completed · 2 h · 4.0 GPU-hours · best eval loss 1.073 at step 2,000" in shown
    assert "Failed · 2 h" in shown


async def test_both_runs_curves_are_in_one_chart(here: Neighbourhood) -> None:
    """Each under its letter; a run without any is named."""
    (answer,) = await here.ask(f"compare {A} {B}")
    (chart,) = [block for block in json.loads(answer)["blocks"] if block["type"] == "data_visualization"]
    names = [series["name"] for series in chart["chart"]["series"]]
    assert names == ["A train_loss", "A eval_loss", "B train_loss", "B eval_loss"]
    del here.jobs.points[B]
    (answer,) = await here.ask(f"compare {A} {B}")
    assert "No loss curves for B" in answer


async def test_runs_configured_the_same_are_said_to_be(here: Neighbourhood) -> None:
    """Names, times and results are no settings."""
    here.jobs.give(C, experiment_name="third", status="RUNNING", progress=3, **CONFIGURED)
    here.jobs.give(D, experiment_name="fourth", status="QUEUED", **CONFIGURED)
    (answer,) = await here.ask(f"compare {C} {D}")
    assert "their settings are the same" in answer
    assert "data_visualization" not in answer


@pytest.mark.parametrize("ids", [(A,), (A, B, C, D)])
async def test_two_or_three_can_be_compared(here: Neighbourhood, ids: tuple[str, ...]) -> None:
    """Anything else is said not to work, and how it does."""
    (answer,) = await here.ask(f"compare {' '.join(ids)}")
    assert "Compare needs two or three jobs: `/job compare &lt;a&gt; &lt;b&gt; [c]`." in answer


async def test_a_job_there_is_not_is_named(here: Neighbourhood) -> None:
    """Half a comparison is none."""
    (answer,) = await here.ask(f"compare {A} {C}")
    assert "No such job" in answer
    assert C[:8] in answer

"""Whatever Simplismart's documents, rows and points say: cards that Slack takes, and no failure."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.cards.gallery.documents import COMPLETED, FAILED, RUNNING
from bot.playground.workspace import ME
from tests.e2e.world import JOB, World
from tests.fuzz.budget import fuzzed
from tests.fuzz.conftest import judge_of
from tests.fuzz.mutations import Mutation, mutated, mutations

_POINT = {"key": "train_loss", "value": 1.5, "timestamp": "2026-01-01T00:00:00Z", "step": 10, "epoch": 0.5}
_ROW = {
    **dict.fromkeys(("created_at", "updated_at"), "2026-01-01T00:00:00Z"),
    "request_id": "odd-row",
    "experiment_name": "odd",
    "status": "RUNNING",
    "model_type": "llm",
    "base_model": "llama",
    "train_type": "sft",
    "progress": 40,
}
_ASKED = ("odd", "report odd", "metrics odd", f"compare odd {JOB}", "list", "eta odd", "why odd")


@fuzzed(30)
@given(
    document=st.sampled_from([RUNNING, FAILED, COMPLETED]),
    changes=mutations(),
    of_row=mutations(),
    of_point=mutations(),
)
async def test_whatever_simplismart_answers(  # noqa: PLR0913, PLR0917  (the three documents)
    over_http: World,
    log: Callable[[], str],
    document: dict[str, Any],
    changes: tuple[Mutation, ...],
    of_row: tuple[Mutation, ...],
    of_point: tuple[Mutation, ...],
) -> None:
    """Asked for in every way, subscribed to, on Home and in a feed."""
    suite, judge = over_http.suite, judge_of(over_http, log)
    suite.add_job({**RUNNING, "request_id": "odd"})
    suite.raw("odd", json.dumps(mutated({**document, "request_id": "odd"}, changes)))
    suite.extra_rows[:] = [mutated(_ROW, of_row)]
    suite.log("odd", *({**_POINT, "step": step} for step in range(5)), mutated(_POINT, of_point))
    delivered = [await over_http.slash(text) for text in _ASKED]
    await over_http.workspace.open_home(ME)
    delivered.append(await over_http.slash("subscribe odd"))
    await over_http.let_pass(90, 3)
    delivered.append(await over_http.slash("unsubscribe odd"))
    await over_http.let_pass(4, 2)
    assert judge.findings(delivered) == []

"""What answers cost at Simplismart: nothing that shows many jobs, or is edited by itself, asks about each."""

from __future__ import annotations

from collections import Counter

from bot.playground.workspace import ME, TRAINING
from tests.e2e.world import JOB, World, text_of

LIST, JOB_PATH, METRICS = "/job/list/", "/job/get/", "/job/metrics/"
ILL = [2.0 - 0.02 * n for n in range(40)] + [1.2 + 0.2 * n for n in range(40)]


async def test_many_jobs_cost_one_request(impatient: World) -> None:
    """A list, a Home tab and a digest show what the list says, and what is stored."""
    for words in ("list", "digest"):
        impatient.suite.counts.clear()
        await impatient.ask(words)
        documents = impatient.suite.counts.pop(JOB_PATH, 0)  # a digest's, which says why jobs failed
        assert impatient.suite.counts == Counter({LIST: 1}), words
        assert documents == 0 or words == "digest"
        impatient.clock.advance(60)  # the list is asked for anew
    impatient.suite.counts.clear()
    await impatient.workspace.open_home(ME)
    await impatient.workspace.wait_for(lambda: impatient.workspace.board.homes.get(ME))
    assert impatient.suite.counts == Counter({LIST: 1})


async def test_an_edit_asks_for_no_metrics(over_http: World) -> None:
    """The card follows the job, by its own document or the list."""
    over_http.suite.set(JOB, progress=60)
    await over_http.slash(f"watch {JOB}")
    await over_http.told("Subscribed to")
    card = next(each for each in over_http.workspace.messages(TRAINING) if not each.ephemeral_to)
    await over_http.pass_until(lambda: over_http.suite.counts[METRICS] > 0)  # what subscribing brings along
    for progress in (61, 62, 63):
        over_http.suite.counts.clear()
        over_http.suite.set(JOB, progress=progress)
        await over_http.pass_until(lambda shown=f"{progress}%": shown in text_of(over_http.now(card)))
        assert over_http.suite.counts[METRICS] == 0
        assert over_http.suite.counts[JOB_PATH] + over_http.suite.counts[LIST] > 0


async def test_the_run_doctor_looks_when_somebody_subscribes(over_http: World) -> None:
    """A run that diverged says so within seconds, for one request."""
    over_http.suite.log(JOB, *({"key": "loss", "value": value, "step": n} for n, value in enumerate(ILL, 1)))
    await over_http.slash(f"watch {JOB}")
    await over_http.told("Subscribed to")

    def is_said() -> bool:
        return any("Loss is diverging" in text_of(each) for each in over_http.workspace.messages(TRAINING))

    await over_http.pass_until(is_said, seconds=10)
    assert over_http.suite.counts[METRICS] == 1

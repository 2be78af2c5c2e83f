"""Two workspaces that ask one organization: each admin reads what went wrong in their own."""

from __future__ import annotations

from bot.playground.workspace import Message
from tests.e2e.crossing.opening import crossing
from tests.e2e.crossing.places import Place
from tests.e2e.messages import text_of
from tests.e2e.weeks import to_next_report
from tests.e2e.world import JOB


def _reports(place: Place) -> list[str]:
    """What the installer of the place's workspace was told of a week."""
    direct = place.world.workspace.board.direct_messages(place.resident)
    texts = [text_of(each) for each in place.world.workspace.messages(direct.id)]
    return [text for text in texts if "Last week:" in text]


async def test_what_went_wrong_in_one_is_told_to_its_admin_alone() -> None:
    """The week's report, and what waits for somebody to look at it."""
    async with crossing() as made:
        main, other = made.main, made.other
        await made.connect(other, main)
        await to_next_report(main.world)
        before = [len(_reports(each)) for each in (main, other)]
        faults = other.world.workspace.faults
        faults.fail_next(1, "rate_limited", method="chat.postMessage", retry_after_seconds=1)
        faults.refuse_next(4, "invalid_arguments", method="chat.postMessage", channel_id=other.channel_id)
        assert (await other.world.slash(f"subscribe {JOB}", other.channel_id, other.resident)).ok
        await main.world.let_pass(61, 6)
        health = [text_of(await _health(each)) for each in (main, other)]
        assert ["parked" in each for each in health] == [False, True], health
        await to_next_report(main.world)
        told = [_reports(each)[many:] for each, many in zip((main, other), before, strict=True)]
        assert told[0] == []
        (report,) = told[1]
        assert "limited by Slack" in report
        assert "parked" in report


async def test_what_went_wrong_in_both_is_told_in_both() -> None:
    """One admin's report is no reason to leave the other's out."""
    async with crossing() as made:
        main, other = made.main, made.other
        await made.connect(other, main)
        await to_next_report(main.world)
        before = [len(_reports(each)) for each in (main, other)]
        for place, limits in ((main, 1), (other, 2)):
            faults = place.world.workspace.faults
            faults.fail_next(limits, "rate_limited", method="chat.postMessage", retry_after_seconds=1)
            job = f"subscribe {main.word}-sweep-0"
            assert (await place.world.slash(job, place.channel_id, place.resident)).ok
            await main.world.let_pass(30, 6)
        await main.world.let_pass(61, 2)
        await to_next_report(main.world)
        told = [_reports(each)[many:] for each, many in zip((main, other), before, strict=True)]
        assert [len(each) for each in told] == [1, 1]
        assert "1 call" in told[0][0]
        assert "2 calls" in told[1][0]


async def _health(place: Place) -> Message:
    asked = await place.world.slash("health", place.channel_id, place.resident)
    return asked.message or await place.world.told("Well:", place.resident, place.channel_id)

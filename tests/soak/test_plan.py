"""A seed repeats its plan, and the plan leaves nothing out."""

from __future__ import annotations

from itertools import accumulate

from bot.domain.clocks import CLOCK_SKEW
from tests.soak.plan import CALM_SECONDS, LAST_TURN_SECONDS, FaultKind, Role, Size, planned, workspace_name

SIZE = Size(minutes=20, workspaces=10, jobs=200)


def test_a_seed_repeats_its_plan() -> None:
    """Each job, each turn and each fault; another seed has others."""
    assert planned(7, SIZE) == planned(7, SIZE)
    assert planned(7, SIZE) != planned(8, SIZE)


def test_every_kind_of_fault_comes_between_a_calm_beginning_and_a_calm_end() -> None:
    """Whatever the seed."""
    for seed in range(5):
        faults = planned(seed, SIZE).faults
        assert {each.kind for each in faults} == set(FaultKind)
        assert min(each.at for each in faults) >= CALM_SECONDS
        assert max(each.at for each in faults) <= SIZE.minutes * 60 - LAST_TURN_SECONDS


def test_the_clock_that_jumps_is_never_further_ahead_than_clocks_may_be_apart() -> None:
    """What fails minutes after somebody subscribed would be told as older than that: nobody promises else."""
    furthest = 0.0
    for seed in range(20):
        jumps = [each.seconds for each in planned(seed, SIZE).faults if each.kind is FaultKind.JUMP]
        furthest = max(furthest, *accumulate(jumps))
    assert furthest == CLOCK_SKEW.total_seconds()


def test_every_job_has_a_name_of_its_own_that_says_whose_it_is() -> None:
    """And each workspace has single ones and a group."""
    jobs = planned(7, SIZE).jobs
    assert len({each.name for each in jobs}) == SIZE.jobs
    assert all(each.name.startswith(workspace_name(each.workspace)) for each in jobs)
    assert len({(each.workspace, each.role) for each in jobs}) == SIZE.workspaces * len(Role)

"""A seed repeats what people do, and leaves no kind out."""

from __future__ import annotations

from tests.soak.people.plan import Kind, planned_people
from tests.soak.plan import LAST_TURN_SECONDS, Size, planned, workspace_name

SIZE = Size(minutes=10, workspaces=10, jobs=200)


def test_a_seed_repeats_its_people() -> None:
    """Each step and each question; another seed has others."""
    assert planned_people(7, SIZE) == planned_people(7, SIZE)
    assert planned_people(7, SIZE) != planned_people(8, SIZE)


def test_everything_is_done_in_every_workspace() -> None:
    """Both to its end and switched off before; commands and mentions, some of them delivered again."""
    plan = planned_people(7, SIZE)
    assert {(each.workspace, each.kind) for each in plan.stories} == {
        (workspace, kind) for workspace in range(SIZE.workspaces) for kind in Kind
    }
    assert {(each.kind, each.ends_early) for each in plan.stories} == {
        (kind, ends_early) for kind in Kind for ends_early in (True, False)
    }
    assert {(each.is_mention, each.is_repeated) for each in plan.questions} == {
        (False, False),
        (True, False),
        (True, True),
    }
    assert max(each.at for each in plan.questions) <= SIZE.minutes * 60 - LAST_TURN_SECONDS


def test_their_jobs_are_theirs_alone() -> None:
    """Each is in its workspace, and in no other part of the plan."""
    jobs = list(planned_people(7, SIZE).jobs)
    assert len({name for _, name in jobs}) == len(jobs)
    assert all(name.startswith(workspace_name(workspace)) for workspace, name in jobs)
    assert not {name for _, name in jobs} & {each.name for each in planned(7, SIZE).jobs}

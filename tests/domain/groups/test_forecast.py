"""When a group is likely to end, and what its members have used."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.domain.groups.forecast import ends_about, gpu_hours
from bot.domain.groups.group import EndFacts, Group, Member, StartFacts
from bot.domain.groups.learning import Learned, Wanted, learn, wanted
from bot.domain.groups.looking import look
from bot.domain.job import JobStatus, TrainingJob
from tests.domain.groups.listed import NEW, T0, at, row

HOUR = StartFacts(at(-60), 8, 2, "h100")
"""It started an hour ago, on 16 GPUs."""


def running(name: str, progress: float, **fields: Any) -> Member:
    """A member that has run for an hour."""
    known = {"status": JobStatus.RUNNING, "progress": progress, "updated_at": T0, "start": HOUR}
    return Member(name, T0, name, **{**known, **fields})


def queued(name: str) -> Member:
    """One that waits."""
    return Member(name, T0, name, JobStatus.QUEUED)


def of(*members: Member) -> Group:
    """A group of these."""
    return replace(NEW, members=members)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (of(running("a", 50.0), running("b", 25.0)), at(180)),
        (of(running("a", 50.0), queued("b")), at(60 + 120)),
        (of(running("a", 50.0), running("b", 25.0), queued("c")), at(60 + 180)),
        (of(running("a", 50.0), queued("b"), queued("c")), at(60 + 240)),
        (
            of(running("a", 50.0), queued("b"), Member("c", T0, "c", JobStatus.FAILED, facts=EndFacts(1.0))),
            at(180),
        ),
        (of(queued("a")), None),
        (of(), None),
        (of(running("a", 50.0), running("b", 1.0)), None),
        (of(running("a", 50.0), running("b", 50.0, start=None)), None),
        (of(running("a", 50.0), Member("b", T0)), None),
        (of(running("a", 50.0, updated_at=at(-50))), None),
    ],
)
def test_when_it_ends(group: Group, expected: datetime | None) -> None:
    """What waits starts where another ends; nothing is said while one of them cannot be known."""
    assert ends_about(group, T0) == expected


def test_what_it_has_used() -> None:
    """What runs counts up to now."""
    done = Member("c", T0, "c", JobStatus.COMPLETED, facts=EndFacts(60.0, 2.5, "a100"))
    assert gpu_hours((running("a", 50.0), queued("b"), done), T0) == {"h100": 16.0, "a100": 2.5}


def test_a_member_that_runs_is_asked_about_once() -> None:
    """Its document says since when, and on what; after a pause it is asked again, and counted anew."""
    seen = look(NEW, [row("sweep-1")], T0)
    assert wanted(seen, T0) == (Wanted("sweep-1", document=True, metrics=False),)
    document = TrainingJob.model_validate(
        {
            "status": "RUNNING",
            "started_at": at(-60).isoformat(),
            "updated_at": at(5).isoformat(),
            "progress": 4.0,
            "infra_config": {"gpu_count": 8, "node_count": 2, "gpu_type": "h100"},
        }
    )
    known = learn(seen, {"sweep-1": Learned(document)}, T0)
    assert known.members[0].start == HOUR
    assert not wanted(look(known, [row("sweep-1", progress=12.0, updated_at=at(2))], at(2)), at(2))
    fallen = look(known, [row("sweep-1", progress=4.0, updated_at=at(5))], at(5))
    assert [each.document for each in wanted(fallen, at(5))] == [True]
    again = learn(fallen, {"sweep-1": Learned(document)}, at(5)).members[0].start
    assert again is not None
    assert (again.counted_from, again.counted_since) == (4.0, at(5))
    later = row("sweep-1", progress=28.0, updated_at=at(11))
    resumed = look(learn(fallen, {"sweep-1": Learned(document)}, at(5)), [later], at(11))
    assert ends_about(resumed, at(11)) == at(11 + 18)

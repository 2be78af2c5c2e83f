"""Whose work is going on: it goes along with the task, and each task begun in it, onto each line of the log.

It is said where work begins: at Slack's door, and in each loop for what it takes up. What a task does for
several at once is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple


class Tenant(NamedTuple):
    """The workspace, and the organization whose jobs it is about; either may be empty."""

    team_id: str = ""
    org_id: str = ""


_NOBODY: Final = Tenant()
_current: ContextVar[Tenant] = ContextVar("tenant", default=_NOBODY)


@contextmanager
def working_for(team_id: str = "", org_id: str = "") -> Iterator[None]:
    """What happens in the block is this tenant's, whoever it was done for before."""
    before = _current.set(Tenant(team_id, org_id))
    try:
        yield
    finally:
        _current.reset(before)


def goes_on_for(team_id: str = "", org_id: str = "") -> None:
    """From here on it is this tenant's, to the end of the `working_for` around it, or of the task."""
    _current.set(Tenant(team_id, org_id))


def tenant_at_work() -> Tenant:
    """Whose work goes on; empty where it is nobody's, or everybody's."""
    return _current.get()

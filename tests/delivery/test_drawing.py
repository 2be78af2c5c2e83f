"""What cannot be drawn is parked before anything is sent."""

from __future__ import annotations

import re

from structlog.testing import capture_logs

from bot.delivery.crash_points import nothing
from bot.delivery.editing import Editing
from bot.delivery.lease import Lease
from bot.delivery.posting import Posting
from bot.domain.ports import Edit, Parked, Post
from bot.domain.sending import Verdict
from bot.domain.subscriptions.notifications.notices import JobCard
from bot.domain.subscriptions.subscription import Subscription
from tests.delivery.world import LEASE_SECONDS, World, job


def _card_of_nothing(here: World) -> Post:
    """A card whose document is lost: as broken as an outbox can be."""
    now = here.clock.now()
    return Post(
        id="p1",
        subscription=Subscription("s1", "T1", "C1", "org-1", "job-1", now),
        notification=JobCard(once_key="", at=now),
        broadcast=False,
        attempts=1,
        first_try_at=now,
        is_uncertain=False,
    )


async def test_what_cannot_be_drawn_is_parked_under_a_reference(here: World) -> None:
    """The log says more under that reference; Slack is not called."""
    posting = Posting(here.clock, lambda: 0.5, nothing, "/job")
    with capture_logs() as logs:
        verdict = await posting.post(here.slack, Lease(here.clock, LEASE_SECONDS), _card_of_nothing(here))
    assert isinstance(verdict.outcome, Parked)
    found = re.search(r"reference (\w{8})$", verdict.outcome.reason)
    assert found
    assert [log["reference"] for log in logs] == [found[1]]
    assert not here.workspace.calls


async def test_an_edit_of_a_card_that_was_never_posted_is_parked(here: World) -> None:
    """There is no message to edit."""
    now = here.clock.now()
    edit = Edit(_card_of_nothing(here).subscription, 1, job(), now, 1)
    lease = Lease(here.clock, LEASE_SECONDS)
    verdict = await Editing(here.clock, lambda: 0.5, nothing).edit(here.slack, lease, edit)
    assert verdict == Verdict(Parked("the card was not posted"))

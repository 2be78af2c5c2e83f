"""The names of what can be pressed: ``action_id`` of a card's actions, ``callback_id`` of shortcuts."""

from __future__ import annotations

from typing import NamedTuple

REFRESH = "job.refresh"
DETAILS = "job.details"
FULL_ERROR = "job.full_error"
SHARE = "job.share"
TRY_AGAIN = "job.try_again"
METRICS = "job.metrics"
REPORT = "job.report"
SUBSCRIBE = "job.subscribe"
SUBSCRIBE_AS = "job.subscribe_as"
"""What the window of [Subscribe] sends; its value is a `…subscribe_dialog.SubscribeChoice`."""
UNSUBSCRIBE = "job.unsubscribe"
STOP = "watch.stop"
"""The presser unsubscribes; its value is the subscription's id."""
STOP_FOR_ALL = "watch.stop_for_all"
"""The subscription ends for everybody; its value is the subscription's id."""
RESUME = "updates.resume"
"""The presser's pause ends."""
GROUP_SUBSCRIBE = "group.subscribe"
"""The presser joins a group's subscribers; its value is the subscription's id."""
GROUP_COMPARE = "group.compare"
"""The best of a group side by side; its value is their request ids between blanks."""
GROUP_REFRESH = "group.refresh"
"""The card of a group as it is now; its value is the subscription's id."""
GROUP_CHANGE = "group.change"
"""The window that asks which updates on a group somebody wants; its value is the subscription's id."""
CHOOSE = "job.choose"
"""One of several jobs that fit what was typed; its value is a `bot.cards.jobs.which_one.Choice`."""
NOT_HELPFUL = "finding.not_helpful"
"""A finding is not told again for its job; its value is a `bot.cards.subscriptions.finding.Unhelpful`."""

MORE = "job.more"
"""The "…" menu of a job's card; what is chosen has the value of a `Chosen`."""
ROW_MORE = "list.more"
"""The same beside a job in a list, where there is no card to put another in the place of."""

REFRESH_HOME = "home.refresh"
"""Draws the presser's Home tab anew."""
OPEN = "list.open"
"""The card of a job on the list; its value is the request id."""
NEWER = "list.newer"
OLDER = "list.older"
ONLY_FAILED = "list.only_failed"
"""Another page of the list, or its failed jobs; their value is a `bot.cards.jobs.jobs_list.Page`."""

SINCE = ("digest.failed", "digest.completed", "digest.running")
"""The jobs of one status that a digest counts, for the presser's eyes; their value is a
`bot.domain.channels.digest_list.Since`."""

ASKS = ("ask.1", "ask.2", "ask.3", "ask.4")
"""What may have been meant, by their place in the row; their value is the command line that they run."""

HELP_MORE = "help.more"
"""All commands."""
FIND = "job.search"
"""The window to find a job in."""

SETUP = "setup.open"
"""The window of `setup`; its value is the channel that it is about, empty for the workspace."""
SETUP_SEND = "setup.send"
"""That window, sent."""

CHECK_JOB = "job.check"
"""The message shortcut, as manifest.yml has it."""
PICK = "job.pick"
"""The picker: its window and its one field."""

MENUS = frozenset({MORE, ROW_MORE})
ABOUT_JOBS = frozenset(
    {REFRESH, DETAILS, FULL_ERROR, SHARE, TRY_AGAIN, METRICS, REPORT, SUBSCRIBE, UNSUBSCRIBE}
)
"""Those whose value is a request id."""
ABOUT_GROUPS = frozenset({GROUP_SUBSCRIBE, GROUP_COMPARE, GROUP_REFRESH, GROUP_CHANGE})
ALL = (
    ABOUT_JOBS
    | ABOUT_GROUPS
    | {SUBSCRIBE_AS, STOP, STOP_FOR_ALL, CHOOSE, OPEN, NEWER, OLDER, ONLY_FAILED, REFRESH_HOME, NOT_HELPFUL}
    | {HELP_MORE, FIND, RESUME, SETUP}
    | frozenset(ASKS)
    | frozenset(SINCE)
)


class Chosen(NamedTuple):
    """What an option of a menu does: the action of a button, and that button's value."""

    action_id: str
    value: str

    def option_value(self) -> str:
        """As the option carries it."""
        return f"{self.action_id} {self.value}"

    @classmethod
    def read(cls, option_value: str) -> Chosen | None:
        """From an option; None where it is not one of ours."""
        action_id, _, value = option_value.partition(" ")
        return cls(action_id, value) if action_id in ALL else None

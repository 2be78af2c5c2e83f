"""What can go wrong with a call to Slack; see the tree in `bot.domain.errors`."""

from __future__ import annotations

from typing import Final

from bot.domain.errors.root import JobBotError

FOREIGN_RESPONSE_URL: Final = "foreign_response_url"
"""Our own code, for an address in a payload that is none of Slack's: nobody can be answered there."""


class SlackError(JobBotError):
    """A Web API call failed. ``slack_code`` is Slack's own error code."""

    code = "slack"

    def __init__(self, detail: str = "", *, slack_code: str = "") -> None:
        super().__init__(detail)
        self.slack_code = slack_code


class SlackPermanentError(SlackError):
    """A request Slack will never take. Unless it is of a subclass, it says nothing of other requests."""

    code = "slack_permanent"


class SlackPermissionError(SlackPermanentError):
    """The app lacks a scope, or a right in this workspace: once an admin gives it, the same call works.

    ``needed`` is the scope, where Slack names one.
    """

    code = "slack_permission"

    def __init__(self, detail: str = "", *, slack_code: str = "", needed: str = "") -> None:
        super().__init__(detail, slack_code=slack_code)
        self.needed = needed


class SlackConversationError(SlackPermanentError):
    """Slack will take nothing in this conversation: archived, gone, the bot removed, posting restricted."""

    code = "slack_conversation"


class SlackPersonError(SlackConversationError):
    """Slack will take nothing for this person: their account is deactivated, or they take no messages."""

    code = "slack_person"


class SlackRevokedError(SlackPermanentError):
    """Slack will take nothing from this token: revoked, expired, the app uninstalled."""

    code = "slack_revoked"


class SlackGoneError(SlackError):
    """The message, thread, trigger, view or response URL this was for is no more, or takes no more."""

    code = "slack_gone"


class SlackStrayError(SlackGoneError):
    """The message that was to be answered is gone: Slack moved the reply to the channel; it was removed."""

    code = "slack_stray"


class SlackLimitedError(SlackError):
    """429, after the waits we can afford. What was asked for was surely not done."""

    code = "slack_limited"
    can_retry = True

    def __init__(
        self, detail: str = "", *, slack_code: str = "ratelimited", retry_after_seconds: float = 1.0
    ) -> None:
        super().__init__(detail, slack_code=slack_code)
        self.retry_after_seconds = retry_after_seconds


class SlackPassingError(SlackError):
    """5xx, a time-out or a lost connection: it may work later.

    Unless ``may_have_happened`` is False it may have worked, too.
    """

    code = "slack_passing"
    can_retry = True

    def __init__(self, detail: str = "", *, slack_code: str = "", may_have_happened: bool = True) -> None:
        super().__init__(detail, slack_code=slack_code)
        self.may_have_happened = may_have_happened


def may_have_happened(error: Exception) -> bool:
    """Whether what failed may have been done all the same: to do or to deny it now may be wrong."""
    return isinstance(error, SlackPassingError) and error.may_have_happened

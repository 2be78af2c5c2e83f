"""Everything that can go wrong, as one tree.

::

    JobBotError
    ├── UserError                what a person asked for cannot be done as it was typed
    │   └── NotUnderstoodError   no command or no job in the words
    │       ├── ImpossibleError  understood, but nothing does it
    │       └── UnnamedJobError  none of them says which job is meant
    ├── TrainingApiError         Simplismart gave no job
    │   ├── JobNotFoundError     404: no job with this id in this organisation
    │   │   └── NothingFitsError        nor one whose name or id has it in it
    │   ├── InvalidIdError       400: an id of the wrong kind
    │   ├── KeyRejectedError     401, 403: the key expired or was refused
    │   │   └── EnteredKeyRejectedError  it is one that an admin enters in Slack
    │   │       └── ChannelKeyRejectedError    for one channel
    │   ├── NotConnectedError    nobody has connected an organisation to this workspace yet
    │   ├── RateLimitedError     429, or our own queue for the organisation is full
    │   ├── UpstreamFailedError  5xx
    │   ├── UpstreamTimeoutError no answer within the time limit
    │   ├── UnreachableError     no connection
    │   └── UnreadableError      an answer that is no job document: HTML, too large, a redirect
    ├── SlackError               a Web API call failed
    │   ├── SlackPermanentError  trying again cannot help: what was sent is wrong
    │   │   ├── SlackPermissionError    the app lacks a scope or a right that an admin can give it
    │   │   ├── SlackConversationError  this conversation is closed to the bot: archived, removed, read-only
    │   │   │   └── SlackPersonError    this person can't be written to
    │   │   └── SlackRevokedError       the whole workspace is: token revoked, app uninstalled
    │   ├── SlackGoneError       the message, thread, trigger or response URL is no more
    │   │   └── SlackStrayError         the message that was to be answered is
    │   ├── SlackLimitedError    429, with ``retry_after_seconds``: surely not done
    │   └── SlackPassingError    5xx, time-outs, lost connections: ``may_have_happened``
    ├── StoreError               the database does not answer
    │   └── SchemaError          its tables are not those of this version of the bot
    │       └── NewerSchemaError        a later version made them
    └── SettingsError            settings that are missing or malformed, all of them at once

People never see ``detail``: it is for the log, under the reference that the card shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.errors.root import JobBotError
from bot.domain.errors.slack import (
    FOREIGN_RESPONSE_URL,
    SlackConversationError,
    SlackError,
    SlackGoneError,
    SlackLimitedError,
    SlackPassingError,
    SlackPermanentError,
    SlackPermissionError,
    SlackPersonError,
    SlackRevokedError,
    SlackStrayError,
    may_have_happened,
)
from bot.domain.errors.typed import ImpossibleError, NotUnderstoodError, UnnamedJobError, UserError

__all__ = [
    "FOREIGN_RESPONSE_URL",
    "ChannelKeyRejectedError",
    "EnteredKeyRejectedError",
    "ImpossibleError",
    "InvalidIdError",
    "JobBotError",
    "JobNotFoundError",
    "KeyRejectedError",
    "NewerSchemaError",
    "NotConnectedError",
    "NotUnderstoodError",
    "NothingFitsError",
    "RateLimitedError",
    "SchemaError",
    "SettingsError",
    "SlackConversationError",
    "SlackError",
    "SlackGoneError",
    "SlackLimitedError",
    "SlackPassingError",
    "SlackPermanentError",
    "SlackPermissionError",
    "SlackPersonError",
    "SlackRevokedError",
    "SlackStrayError",
    "StoreError",
    "TrainingApiError",
    "UnnamedJobError",
    "UnreachableError",
    "UnreadableError",
    "UpstreamFailedError",
    "UpstreamTimeoutError",
    "UserError",
    "may_have_happened",
]


class TrainingApiError(JobBotError):
    """Simplismart gave no job document."""

    code = "training_api"

    def __init__(self, detail: str = "", *, status: int | None = None) -> None:
        super().__init__(detail)
        self.status = status
        """The HTTP status, where there was an answer."""
        self.retry_after_seconds: float | None = None
        """How long Simplismart wants not to be asked, where it says so."""

    @property
    def was_asked(self) -> bool:
        """Whether Simplismart got the question."""
        return True


class JobNotFoundError(TrainingApiError):
    """404: the organisation has no job with this request id."""

    code = "job_not_found"


class NothingFitsError(JobNotFoundError):
    """Nor is it the name of a job, or a part of an id or a name."""


class InvalidIdError(TrainingApiError):
    """400: Simplismart does not take this as a request id."""

    code = "invalid_id"


class KeyRejectedError(TrainingApiError):
    """401 or 403: the key is expired, revoked, or of another organisation."""

    code = "key_rejected"


class EnteredKeyRejectedError(KeyRejectedError):
    """The same where an admin enters keys in Slack, rather than the operator in the settings."""


class ChannelKeyRejectedError(EnteredKeyRejectedError):
    """The same of the key that one channel has of its own."""


class NotConnectedError(TrainingApiError):
    """There is no organisation whose jobs could be asked about here."""

    code = "not_connected"

    @property
    def was_asked(self) -> bool:
        """Whether Simplismart got the question."""
        return False


class RateLimitedError(TrainingApiError):
    """429, or more questions are waiting than the rate limiter lets through in time."""

    code = "rate_limited"
    can_retry = True

    def __init__(
        self,
        detail: str = "",
        *,
        status: int | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(detail, status=status)
        self.retry_after_seconds = retry_after_seconds

    @property
    def was_asked(self) -> bool:
        """Whether Simplismart refused it; without a status our own queue was full."""
        return self.status is not None


class UpstreamFailedError(TrainingApiError):
    """5xx, or a status the API does not document."""

    code = "upstream_failed"
    can_retry = True


class UpstreamTimeoutError(TrainingApiError):
    """No answer within the time limit."""

    code = "upstream_timeout"
    can_retry = True


class UnreachableError(TrainingApiError):
    """No connection to Simplismart."""

    code = "unreachable"
    can_retry = True


class UnreadableError(TrainingApiError):
    """An answer that is no job document: not JSON, not an object, over the size limit, a redirect."""

    code = "unreadable"
    can_retry = True


class StoreError(JobBotError):
    """The database does not answer."""

    code = "store"
    can_retry = True


class SchemaError(StoreError):
    """The tables are older or newer than the code; ``detail`` says what to do and is fit for people."""

    code = "schema"
    can_retry = False


class NewerSchemaError(SchemaError):
    """The tables are newer than the code: a process that runs already works on with them, and none starts."""


class SettingsError(JobBotError):
    """Settings that are missing or malformed; ``problems`` has one plain line for each."""

    code = "settings"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)

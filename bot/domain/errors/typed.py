"""What people typed and cannot be done so."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.errors.root import JobBotError


class UserError(JobBotError):
    """What a person typed cannot be done; the message says so in plain words."""

    code = "user_error"


class NotUnderstoodError(UserError):
    """No command, or no job, could be found in what was typed.

    ``words`` is what was read; ``reason`` says in a sentence what is missing; ``suggestion`` is the
    corrected line ("did you mean"), without the slash command itself, where one is near; ``others`` are
    further ones.
    """

    code = "not_understood"

    def __init__(
        self, words: str, reason: str, suggestion: str | None = None, others: Sequence[str] = ()
    ) -> None:
        super().__init__(reason)
        self.words = words
        self.reason = reason
        self.suggestion = suggestion
        self.others = tuple(others)


class UnnamedJobError(NotUnderstoodError):
    """The words name no job, and nothing that was read beside them does."""

    code = "job_not_named"


class ImpossibleError(NotUnderstoodError):
    """The words were understood, but nothing does what they ask for; what is suggested comes nearest."""

    code = "not_possible"

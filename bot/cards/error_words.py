"""The words for each class of failure: a sentence of what happened, and what to do next."""

from __future__ import annotations

from typing import Final, NamedTuple

from bot.domain import errors
from bot.domain.errors import JobBotError


class Words(NamedTuple):
    """A failure in plain words; ``mrkdwn``, with nothing in it from outside."""

    title: str
    what: str
    next_step: str


_LASTS: Final = "If it lasts, tell whoever runs this bot."
_WORDS: Final[dict[type[JobBotError], Words]] = {
    errors.JobNotFoundError: Words(
        "No such job",
        "The organisation this bot belongs to has no training job with this request id.",
        "Check that the whole id was copied.",
    ),
    errors.NothingFitsError: Words(
        "No such job",
        "The organisation this bot belongs to has no training job with this request id, and none whose name"
        " fits.",
        "To see the jobs there are, type `{slash} list`.",
    ),
    errors.InvalidIdError: Words(
        "Not a job's id",
        "The training suite does not take this as a request id.",
        "Copy the request id from the training suite, and ask with `{slash} <request_id>`.",
    ),
    errors.KeyRejectedError: Words(
        "The bot has no access",
        "The training suite refuses the bot's key: it has expired, was revoked, or is another"
        " organisation's.",
        "Whoever runs this bot has to renew `SIMPLISMART_API_TOKEN`, check `SIMPLISMART_ORG_ID`,"
        " and restart the bot.",
    ),
    errors.RateLimitedError: Words(
        "Too many questions at once",
        "The training suite is being asked more often than it allows.",
        "Try again in a few seconds.",
    ),
    errors.UpstreamFailedError: Words(
        "The training suite has a problem",
        "It answered with an error. This says nothing about your jobs.",
        f"Try again in a minute. {_LASTS}",
    ),
    errors.UpstreamTimeoutError: Words(
        "No answer in time",
        "The training suite took too long. This says nothing about your jobs.",
        f"Try again in a minute. {_LASTS}",
    ),
    errors.UnreachableError: Words(
        "The training suite cannot be reached",
        "The bot got no connection. This says nothing about your jobs.",
        "Try again in a minute. If it lasts, whoever runs this bot should check"
        " `SIMPLISMART_API_URL` and the network.",
    ),
    errors.UnreadableError: Words(
        "The answer cannot be read",
        "The training suite sent something that is not a job.",
        f"Try again in a minute. {_LASTS}",
    ),
    errors.TrainingApiError: Words(
        "No answer about this job", "The training suite gave no job.", f"Ask again in a minute. {_LASTS}"
    ),
    errors.SlackPermanentError: Words(
        "Slack does not let the bot do this",
        "The bot may have been removed from this conversation.",
        "In a channel, invite it with `/invite`, then ask again. Elsewhere, ask in a channel that it is in.",
    ),
    errors.SlackPermissionError: Words(
        "I lack a permission for this",
        "Slack doesn't let the app do that in this workspace.",
        "Your jobbot admin can add it to the app.",
    ),
    errors.SlackPersonError: Words(
        "I can't write to you there",
        "Messages to this app are turned off, or the account is deactivated.",
        "Ask in a channel that I'm in.",
    ),
    errors.SlackRevokedError: Words(
        "Slack refuses the bot",
        "The bot's token was revoked, or the app was uninstalled.",
        "Whoever runs this bot has to install the app again and set the new `SLACK_BOT_TOKEN`.",
    ),
    errors.SlackGoneError: Words(
        "Too late for this button",
        "Slack takes answers only for a while.",
        "Ask again with `{slash} <request_id>`.",
    ),
    errors.SlackError: Words(
        "Slack did not take the answer", "The bot could not deliver it.", "Ask again in a moment."
    ),
    errors.StoreError: Words(
        "The bot's database does not answer",
        "Nothing was changed.",
        f"Try again in a minute. {_LASTS}",
    ),
    errors.SchemaError: Words(
        "The bot's database is of another version",
        "Nothing was changed.",
        "Whoever runs this bot finds in its log what to do, mostly `python -m bot migrate`.",
    ),
    errors.SettingsError: Words(
        "The bot is not set up completely",
        "Some of its settings are missing or malformed.",
        "Whoever runs this bot can list them with `python -m bot check`.",
    ),
    errors.UserError: Words("That does not work", "", "See what does: `{slash} help`."),
    errors.JobBotError: Words("Something went wrong", "The bot could not answer.", f"Ask again. {_LASTS}"),
}


def words_of(error: JobBotError, slash_command: str) -> Words:
    """The words for the nearest class of the error that has any."""
    nearest = next(kind for kind in type(error).__mro__ if kind in _WORDS)
    title, what, next_step = _WORDS[nearest]
    return Words(
        title,
        what,
        next_step.replace("{slash} <request_id>", f"{slash_command} &lt;request_id&gt;").replace(
            "{slash}", slash_command
        ),
    )

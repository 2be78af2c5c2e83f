"""What a command is, and the question it answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from bot.cards.answers.did_you_mean import Offer
from bot.cards.kit.card import Card
from bot.cards.kit.error import with_left_out
from bot.domain.commands.command_line import Form
from bot.domain.commands.group_line import GroupAsked
from bot.domain.errors import (
    InvalidIdError,
    JobBotError,
    JobNotFoundError,
    NotUnderstoodError,
    UserError,
)
from bot.domain.messages.conversations import takes_invitations
from bot.domain.permissions.administration import AdminRight
from bot.domain.permissions.policies import Right
from bot.domain.ports.monitoring import CommandOutcome
from bot.handlers.kit.context import Context

Needed = Right | AdminRight
"""What it takes to do something."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who asks, and where."""

    team_id: str
    channel_id: str
    user_id: str
    thread_ts: str | None = None
    """The thread that an answer for all goes to; None for the conversation itself."""
    is_dm: bool = False
    """It is the direct messages with the bot."""
    is_shared: bool = False
    """Slack says that another company reads along; where it does not say, False."""
    channel_name: str = ""
    """As Slack tells it of a command or a press, which for direct messages is no name."""

    @property
    def takes_invitations(self) -> bool:
        """Whether somebody there could invite the bot."""
        return takes_invitations(self.channel_id, self.channel_name)


@dataclass(frozen=True, slots=True)
class Question:
    """What one person asked, read but not yet answered."""

    command: str
    request_ids: tuple[str, ...]
    place: Place
    left_out: int = 0
    """How many more ids were named than are answered at once."""
    is_private: bool = False
    """Only the asker sees the answer, so it offers to be shared."""
    options: frozenset[str] = frozenset()
    """The words said of those the command's form names."""
    words: tuple[str, ...] = ()
    """What was said beside the id, where the command's form takes any words."""
    name: str = ""
    """Several words that may be one job's name; see `bot.domain.commands.job_names`."""
    doubt: NotUnderstoodError | None = None
    """What to say where no job has that name; None where the ids stand on their own. Not to be raised."""
    text: str = field(default="", compare=False)
    """All that was typed, as Slack sends it; empty where a button asks."""
    is_line: bool = field(default=False, compare=False)
    """The words begin with a command, or are whole IDs and nothing else: no sentence does."""
    in_thread: bool = False
    """It was said in a thread, which may be about a job."""
    group: GroupAsked | None = None
    """The jobs that are meant together; then there are no ids."""
    other: Offer | None = None
    """What else the words may have meant: offered beside the answer."""
    is_chosen: bool = field(default=False, compare=False)
    """A button says it, so the words are meant as they stand."""


def reads(_question: Question) -> bool:
    """Of a command that changes nothing."""
    return False


def changes(_question: Question) -> bool:
    """Of a command that always changes something."""
    return True


def changes_with_words(question: Question) -> bool:
    """Of a command that only shows what is set where nothing stands behind its name."""
    return bool(question.words)


def anybody(_question: Question) -> Needed | None:
    """Of a command that everybody can use."""
    return None


def to_switch(question: Question) -> Right | None:
    """Of a command that shows what is set for a channel, or with words changes it."""
    return Right.CHANNELS if question.words else None


def _never(_context: Context, _question: Question) -> Card | None:
    return None


@dataclass(frozen=True, slots=True)
class Command:
    """One sub-command. A new one is a module with a `COMMAND`, and an entry in `registry.COMMANDS`."""

    name: str
    usage: str
    """As people type it, without the slash command: ``status <job>``."""
    summary: str
    """One short sentence for the help card and docs/using.md."""
    run: Callable[[Context, Question], AsyncIterator[Card]]
    """The answer, a card at a time, in the order asked."""
    changes: Callable[[Question], bool]
    """Whether it changes something that is stored: it is then done whatever dies once it was acknowledged."""
    right: Callable[[Question], Needed | None]
    """What whoever asks has to have a right to; None for nothing."""
    instantly: Callable[[Context, Question], Card | None] = _never
    """The whole answer where it is known without any I/O: it then rides on the ack itself."""
    form: Form = field(default_factory=Form)
    """What may stand behind its name."""
    aliases: tuple[str, ...] = ()
    """Other names it answers to; nothing that people read suggests them."""
    is_personal: bool = False
    """The answer concerns the asker: whoever else reads a mention is not told."""
    yields_to_jobs: bool = False
    """Few may ask it: its name alone means a job of that name, or else the thread's, where there is one."""
    prefers_followed: bool = False
    """Without an ID in a thread, it is about the jobs subscribed to there, whatever began the thread."""
    shows_no_job: bool = False
    """The answer says nothing of any job: also whoever can't see the thread's gets it."""


@contextmanager
def measured(context: Context, command: str) -> Iterator[Context]:
    """The context to answer a command with: the failures that people are shown meanwhile decide the outcome.

    A command that is given up halfway, as where the process leaves, is not counted.
    """
    failures: list[Exception] = []
    began_at = context.clock.monotonic()

    def count() -> None:
        seconds = context.clock.monotonic() - began_at
        context.measures.commanded(command, outcome_of(failures), seconds)

    try:
        with context.measures.span("command", command=command):
            yield replace(context, on_failure=failures.append)
    except Exception as error:
        failures.append(error)
        count()
        raise
    count()


def outcome_of(failures: Sequence[Exception]) -> CommandOutcome:
    """The worst of them."""
    if not failures:
        return CommandOutcome.ANSWERED
    if any(not isinstance(error, JobBotError) for error in failures):
        return CommandOutcome.BROKEN
    persons = UserError | JobNotFoundError | InvalidIdError
    is_persons = all(isinstance(error, persons) for error in failures)
    return CommandOutcome.REFUSED if is_persons else CommandOutcome.FAILED


async def one_by_one(
    subjects: Sequence[str], left_out: int, answer: Callable[[str], Awaitable[Card]]
) -> AsyncIterator[Card]:
    """A card about each; the last one says how many more were named than are answered."""
    for subject in subjects:
        card = await answer(subject)
        yield with_left_out(card, left_out) if left_out and subject == subjects[-1] else card

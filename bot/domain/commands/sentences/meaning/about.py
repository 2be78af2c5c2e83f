"""A sentence with where it was said: what every rule of `bot.domain.commands.sentences.meaning` looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.domain.commands.sentences.intents import Intent, Reading
from bot.domain.commands.sentences.names import Names
from bot.domain.commands.sentences.vocabulary.signs import STATUS_SIGNS
from bot.domain.commands.sentences.words import Sentence
from bot.domain.job import JobStatus

_ASKING_WORDS: Final = """
    can could would is are was did does do has have what why when how which who
    whose where any will pls please
"""
_MOST_OTHERS: Final = 2
"""Jobs that are compared with the thread's own."""
_ASKING: Final = frozenset(_ASKING_WORDS.split())
"""A question begins so, or somebody asks for something."""


@dataclass(frozen=True, slots=True)
class About:
    """A sentence, and where it was said."""

    said: Sentence
    names: Names
    in_thread: bool
    is_private: bool

    @property
    def statuses(self) -> tuple[JobStatus, ...]:
        """Those that were said, in their order."""
        found = (each for sign, _ in self.said.signs for each in STATUS_SIGNS.get(sign, ()))
        return tuple(dict.fromkeys(found))

    @property
    def has_moment(self) -> bool:
        """Whether a time was said."""
        return bool(self.said.since or self.said.until)

    @property
    def asks(self) -> bool:
        """Whether it is a question by its form, whatever it is about."""
        first = self.said.words[0].text if self.said.words else ""
        return self.said.has_question_mark or first in _ASKING

    @property
    def is_about_one(self) -> bool:
        """Whether it is known which job is meant, without a name."""
        return self.said.has("latest") or self.in_thread

    def reading(self, intent: Intent) -> Reading:
        """With the jobs that it is about."""
        said, is_latest = self.said, self.said.has("latest") and not self.said.jobs
        others_here = intent is Intent.COMPARE and (
            self._is_one or (len(said.jobs) <= _MOST_OTHERS and said.has("it"))
        )
        return Reading(
            intent,
            tuple(said.jobs),
            unknown=tuple(word.typed for word in said.unknown),
            is_latest=is_latest,
            is_here=self.in_thread and not is_latest and (not said.jobs or others_here),
        )

    @property
    def _is_one(self) -> bool:
        return len(self.said.jobs) == 1

"""Failures as cards: what happened, what to do next, the reference."""

from __future__ import annotations

import inspect
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.gallery.documents import REQUEST_ID
from bot.cards.kit.error import error_card, internal_error_card, words_of
from bot.domain import errors
from bot.domain.errors import JobBotError, NotUnderstoodError, RateLimitedError, UserError
from bot.playground.block_kit import message_problems
from tests.cards.shown import labels, live_markup, words
from tests.tables import each_row

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, JobBotError)]


def _error(kind: type[JobBotError]) -> JobBotError:
    if kind is NotUnderstoodError:
        return NotUnderstoodError("how is it", "Give me a name or an ID.")
    if kind is errors.ImpossibleError:
        return errors.ImpossibleError("digest fridays", "A digest comes on Mondays.")
    if kind is errors.UnnamedJobError:
        return errors.UnnamedJobError("how is it", "Nobody could read the thread.")
    if kind is errors.SettingsError:
        return errors.SettingsError(["SLACK_BOT_TOKEN is xoxb-1234567890-leak"])
    return kind("internal detail: Bearer abc.def.ghi")


def _shown(error: JobBotError, request_id: str | None = REQUEST_ID) -> dict[str, object]:
    return error_card(error, reference="ab12cd34", slash_command="/train", request_id=request_id).message()


@each_row("kind", [kind for kind in CLASSES if kind is not UserError])
def test_every_failure_is_a_card(kind: type[JobBotError]) -> None:
    """A sentence, what to do next, the reference; never the detail, which is for the log."""
    card = _shown(_error(kind))
    assert message_problems(card) == []
    assert live_markup(card) == []
    assert "Reference `ab12cd34`" in words(card)
    assert "internal detail" not in json.dumps(card)
    assert "leak" not in json.dumps(card)
    assert len(str(card["text"])) < 400


@each_row("kind", CLASSES)
def test_try_again_only_where_it_can_help(kind: type[JobBotError]) -> None:
    """And only for a known job."""
    assert (labels(_shown(_error(kind))) == ["Try again"]) == kind.can_retry
    assert labels(_shown(_error(kind), None)) == []


@each_row("kind", CLASSES)
def test_every_class_has_words_that_follow_the_slash_command(kind: type[JobBotError]) -> None:
    """No ``/job`` where the workspace's command is another."""
    title, what, next_step = words_of(_error(kind), "/train")
    assert title
    assert "/job" not in what + next_step
    assert "{" not in what + next_step


def test_key_rejected_tells_the_operator() -> None:
    """The setting to renew is named, the key is not."""
    assert "renew `SIMPLISMART_API_TOKEN`" in words(_shown(_error(errors.KeyRejectedError)))


def test_rate_limited_says_how_long() -> None:
    """As the server said, where it did."""
    assert "Try again in 30 s." in words(_shown(RateLimitedError(retry_after_seconds=30)))
    assert "Try again in a few seconds." in words(_shown(RateLimitedError()))


def test_user_error_shows_its_own_words() -> None:
    """They are written for people."""
    card = _shown(UserError("A channel <name> is needed."), None)
    assert "A channel <name> is needed." in words(card)
    assert live_markup(card) == []


def test_not_understood_says_what_was_read() -> None:
    """The words, the reason, and one line to try: the suggestion where there is one, else an example."""
    card = _shown(
        NotUnderstoodError("statsu <!here> x", "No command `statsu`.", f"status {REQUEST_ID}"), None
    )
    shown = words(card)
    assert "I read: `statsu <!here> x`" in shown
    assert "No command `statsu`." in shown
    assert f"Did you mean `/train status {REQUEST_ID[:8]}`?" in shown
    assert shown.count("/train ") == 1
    assert card["text"].count("`") == 0
    unclear = words(_shown(NotUnderstoodError("hm", "Give me a name or an ID."), None))
    assert unclear.count("Example: `/train ") == 1
    sent = NotUnderstoodError("status &lt;id&gt; &amp;amp;", "No id.", "status &lt;job&gt;")
    assert "I read: `status <id> &amp;`" in words(_shown(sent, None))
    assert "`/train status <job>`" in words(_shown(sent, None))
    assert "Did you mean" not in words(_shown(NotUnderstoodError("", "Nothing was typed."), None))


@settings(max_examples=60)
@given(st.text(max_size=4000), st.text(max_size=600), st.none() | st.text(max_size=300))
def test_not_understood_takes_any_words(typed: str, reason: str, suggestion: str | None) -> None:
    """Whatever was typed, the card is valid and nothing in it is live."""
    card = _shown(NotUnderstoodError(typed * 3, reason, suggestion), None)
    assert message_problems(card) == []
    assert live_markup(card) == []


def test_internal_error_gives_the_reference() -> None:
    """The one thing a person can do is quote it."""
    card = internal_error_card(reference="ab12cd34").message()
    assert message_problems(card) == []
    assert "ab12cd34" in str(card["text"])

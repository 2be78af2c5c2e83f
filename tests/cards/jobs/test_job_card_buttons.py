"""The buttons and the menu of a job's card."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID, RUNNING
from bot.cards.jobs.job import job_card
from bot.cards.jobs.job_lines import JobFacts
from bot.cards.kit import actions
from bot.domain.errors import TrainingApiError, UpstreamTimeoutError
from tests.cards.shown import FINDING, NOW, card_of, labels, menu, snapshot, words


def _with(**fields: Any) -> dict[str, Any]:
    return {**RUNNING, **fields}


def _lines(document: dict[str, Any], **more: Any) -> list[str]:
    return words(card_of(document, **more)).splitlines()


def test_buttons_ask_for_the_asked_id() -> None:
    """The document's own id counts only where none was asked for; without any there are no buttons."""
    card = card_of(_with(request_id="<string>"), shareable=True)
    *buttons, _ = card["blocks"][-1]["elements"]
    assert {button["value"] for button in buttons} == {REQUEST_ID}
    assert {value.partition(" ")[2] for value in menu(card).values()} == {REQUEST_ID}
    own = job_card(snapshot(_with(request_id="job-7")), now=NOW).message()
    assert own["blocks"][-1]["elements"][0]["value"] == "job-7"
    assert labels(job_card(snapshot({}), now=NOW).message()) == []


DOCUMENTS = (
    documents.QUEUED,
    RUNNING,
    documents.COMPLETED,
    documents.FAILED,
    documents.FAILED_SILENTLY,
    documents.CANCELLED,
    documents.PAUSED,
    documents.EXAMPLE,
    documents.EMPTY,
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.get("status")))
@pytest.mark.parametrize("facts", [JobFacts(), JobFacts(finding=FINDING)], ids=["", "finding"])
@pytest.mark.parametrize("failure", [None, UpstreamTimeoutError()], ids=["", "stale"])
def test_there_are_at_most_three_buttons_and_a_menu_of_two_to_five(
    document: dict[str, Any], facts: JobFacts, failure: TrainingApiError | None
) -> None:
    """One row on a phone; a finished job offers no [Subscribe]; each action is one of ours, once."""
    for shareable in (True, False):
        seen = snapshot(document, seconds_ago=60 if failure else 0, failure=failure)
        card = job_card(seen, request_id=REQUEST_ID, now=NOW, facts=facts, shareable=shareable).message()
        (row,) = [block for block in card["blocks"] if block["type"] == "actions"]
        *buttons, more = row["elements"]
        assert 1 <= len(buttons) <= 3
        assert (more["type"], more["action_id"]) == ("overflow", actions.MORE)
        assert 2 <= len(more["options"]) <= 5
        offered = [each["action_id"] for each in buttons]
        offered += [each["value"].partition(" ")[0] for each in more["options"]]
        assert set(offered) <= actions.ALL
        assert len(set(offered)) == len(offered)
        finished = seen.job.status.is_finished
        assert (actions.SUBSCRIBE in offered) is not finished
        assert (actions.SHARE in offered) is (shareable and failure is None)


def test_an_id_too_long_for_a_menu_has_buttons_instead() -> None:
    """A menu's options carry less than buttons do; the rest can still be typed."""
    card = job_card(snapshot(RUNNING), request_id="x" * 300, now=NOW).message()
    assert labels(card) == ["Metrics", "Subscribe", "Refresh"]
    assert menu(card) == {}

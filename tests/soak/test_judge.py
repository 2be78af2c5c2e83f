"""The judge catches each kind of fault, and lets through what is as it should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.soak.judge import Thread, judged
from tests.soak.slack import POST, Received
from tests.tables import each_row

HERE, THERE = "T0W000", "T0W001"
NAMES = {HERE: "w000", THERE: "w001"}
THREAD = Thread(HERE, "C1", "w000-j0001", ("started", "51%", "completed"), ("your alert",))


def _post(at: float, text: str, thread_ts: str = "", **other: Any) -> Received:
    fields = {"team_id": HERE, "channel_id": "C1", "names": frozenset({"w000"}), "ts": f"{at:.6f}", **other}
    return Received(at, method=POST, thread_ts=thread_ts, text=text, **fields)


CARD = _post(10.0, "w000-j0001 has been queued")
REPLIES = tuple(
    _post(at, f"w000-j0001 {text}", CARD.ts)
    for at, text in ((11.0, "started"), (12.0, "your alert"), (13.0, "is at 51%"), (14.0, "completed"))
)
GOOD = (CARD, *REPLIES)


def test_what_is_as_it_should_be_passes() -> None:
    """Also an alert that comes at another place, and a post that Slack refused before the one it took."""
    assert judged(GOOD, [THREAD], NAMES) == []
    at_the_end = (CARD, REPLIES[0], REPLIES[2], REPLIES[3], _post(15.0, "w000-j0001 your alert", CARD.ts))
    assert judged(at_the_end, [THREAD], NAMES) == []
    refused = _post(9.0, CARD.text, ts="")
    assert judged((refused, *GOOD), [THREAD], NAMES) == []


@each_row(
    "journal, kind, words",
    [
        (GOOD[1:], "lost", "the first message"),
        (GOOD[:-1], "lost", "'completed'"),
        ((CARD, REPLIES[0], *REPLIES[2:]), "lost", "'your alert'"),
        ((*GOOD, _post(15.0, "w000-j0001 completed", CARD.ts)), "doubled", "'completed' came 2 times"),
        ((*GOOD, _post(15.0, CARD.text)), "doubled", "2 first messages"),
        ((CARD, REPLIES[0], REPLIES[1], _post(13.0, "completed", CARD.ts), _post(14.0, "51%", CARD.ts)),
         "disordered", "'completed' before '51%'"),
        ((*GOOD, _post(15.0, "Hello")), "unexpected", "Hello"),
        ((*GOOD, _post(15.0, "stalled", CARD.ts)), "unexpected", "stalled"),
        ((*GOOD, _post(15.0, "completed", "3.000000")), "unexpected", "without a first message"),
    ],
)  # fmt: skip
def test_what_people_got(journal: Sequence[Received], kind: str, words: str) -> None:
    """Lost, doubled, out of order, or nothing that anybody asked for."""
    found = judged(journal, [THREAD], NAMES)
    assert any(each.kind == kind and words in each.detail for each in found), found


def test_what_may_come_once_need_not_come() -> None:
    """And not twice."""
    thread = replace(THREAD, at_most_once=("has been queued",))
    again = _post(15.0, CARD.text, CARD.ts)
    assert judged(GOOD, [thread], NAMES) == []
    assert judged((*GOOD, again), [thread], NAMES) == []
    [found] = judged((*GOOD, again, replace(again, at=16.0, ts="16.000000")), [thread], NAMES)
    assert (found.kind, "at 15.00, 16.00" in found.detail) == ("doubled", True)


QUESTION_TS = "5.000000"
HUNG = replace(THREAD, root_ts=QUESTION_TS)
BELOW = tuple(replace(each, thread_ts=QUESTION_TS) for each in GOOD)


def test_a_thread_below_a_persons_message() -> None:
    """Its first reply is the card, and what comes then is judged as in any other thread."""
    asked = {(HERE, QUESTION_TS)}
    assert judged(BELOW, [HUNG], NAMES, asked=asked) == []
    assert {each.kind for each in judged(BELOW[:1], [HUNG], NAMES, asked=asked)} == {"lost"}
    [found] = judged((*BELOW, replace(BELOW[-1], at=15.0, ts="15.000000")), [HUNG], NAMES, asked=asked)
    assert found.kind == "doubled"
    ended = replace(HUNG, in_order=("started", "51%"))
    [found] = judged(BELOW, [ended], NAMES, asked=asked)
    assert (found.kind, "completed" in found.detail) == ("unexpected", True)


def test_answers_to_people_need_not_wait_for_their_turn() -> None:
    """Up to the first that Slack took: what comes then in that thread does, and so does everything else."""
    asked = {(HERE, QUESTION_TS), (HERE, "6.000000")}
    limited = _post(0.1, "eta", "6.000000", ts="", retry_after_seconds=7.0)
    early, other = _post(7.0, "eta", "6.000000"), _post(10.4, "eta", "6.000000")
    assert judged((limited, BELOW[0], other, *BELOW[1:]), [HUNG], NAMES, asked=asked) == []
    [found] = judged((limited, early, *BELOW), [HUNG], NAMES, asked=asked)
    assert (found.kind, "had asked to wait" in found.detail) == ("too fast", True)
    hurried = _post(11.5, "w000-j0001 51%", QUESTION_TS)
    found = judged((*BELOW[:2], hurried), [HUNG], NAMES, asked=asked)
    assert "too fast" in {each.kind for each in found}


def test_what_somebody_changes_is_said_at_once() -> None:
    """Slack may have it wait, and then it does; anything else waits for its turn."""
    limited = _post(10.1, "The feed was turned on", ts="", retry_after_seconds=1.0)
    early, in_time = _post(10.9, "The feed was turned on"), _post(11.1, "The feed was turned on")
    remark = Thread(HERE, "C1", "turned on", is_at_once=True)
    assert (
        judged((CARD, limited, in_time), [replace(THREAD, in_order=(), in_any_order=()), remark], NAMES) == []
    )
    found = judged((CARD, limited, early), [THREAD, remark], NAMES)
    assert "too fast" in {each.kind for each in found}
    hurried = _post(10.1, "The feed was turned on", CARD.ts)
    assert "too fast" in {each.kind for each in judged((CARD, hurried), [THREAD, remark], NAMES)}


def test_how_often_something_is_to_be_said() -> None:
    """As seldom as it may, and as often as it may."""
    said = [_post(float(at), "The feed was turned on") for at in (10, 20)]
    remark = Thread(HERE, "C1", "turned on", least=1, most=1)
    assert [each.kind for each in judged(said, [remark], NAMES)] == ["doubled"]
    assert judged(said, [replace(remark, most=2)], NAMES) == []
    assert [each.kind for each in judged([], [remark], NAMES)] == ["lost"]
    assert judged([], [replace(remark, least=0)], NAMES) == []


def test_mentions_of_who_paused_and_of_who_did_not() -> None:
    """A reply mentions those whom it has to, and nobody else."""
    thread = replace(THREAD, in_order=("failed",), in_any_order=(), mentions=frozenset({"U1"}))
    failed = _post(11.0, "failed", CARD.ts, mentions=frozenset({"U1"}))
    assert judged((CARD, failed), [thread], NAMES) == []
    for mentions in (frozenset[str](), frozenset({"U1", "U2"})):
        [found] = judged((CARD, replace(failed, mentions=mentions)), [thread], NAMES)
        assert (found.kind, "mentions" in found.detail) == ("unexpected", True)


def test_each_name_in_another_workspace_is_found() -> None:
    """In a message or an edit, by its text or anything else that was sent."""
    for method in (POST, "chat.update"):
        leak = Received(20.0, HERE, method, "C1", names=frozenset({"w000", "w001"}))
        [found] = judged((*GOOD, leak), [THREAD], NAMES)
        assert (found.kind, "names w001" in found.detail) == ("across tenants", True)


def test_a_channel_that_two_workspaces_write_to_is_found() -> None:
    """Whatever stands in it, and whether Slack took it."""
    stranger = Received(20.0, THERE, "chat.update", "C1")
    [found] = judged((*GOOD, stranger), [THREAD], NAMES)
    assert found.kind == "across tenants"


def _updates(*times: float, team_id: str = HERE) -> list[Received]:
    return [Received(at, team_id, "chat.update", "C1", ts="-") for at in times]


@each_row(
    "journal, words",
    [
        ((CARD, _post(10.5, "w000-j0001 started", CARD.ts)), "2 in 1 s"),
        ((CARD, _post(10.5, "w000-j0001 started", CARD.ts, ts="")), "2 in 1 s"),
        (_updates(*(at / 2 for at in range(51))), "51 in 60 s"),
        (_updates(*(at / 50 for at in range(51))), "51 in 60 s"),
    ],
)
def test_too_fast(journal: Sequence[Received], words: str) -> None:
    """A post a second and channel, whatever Slack did with it; 50 edits a minute and workspace."""
    found = [each for each in judged(journal, [], NAMES) if each.kind == "too fast"]
    assert len(found) == 1
    assert words in found[0].detail


def test_a_wait_that_slack_asked_for() -> None:
    """Nothing of the same kind comes before it is over."""
    limited = Received(1.0, HERE, "chat.update", "C1", retry_after_seconds=7.0)
    on_its_way = replace(limited, retry_after_seconds=0.0)
    assert judged((limited, on_its_way), [], NAMES) == []
    hurried, patient = _updates(5.0), _updates(8.0)
    assert judged((limited, *patient), [], NAMES) == []
    [found] = judged((limited, *hurried), [], NAMES)
    assert found.kind == "too fast"
    asked = replace(limited, method="auth.test"), replace(hurried[0], method="auth.test")
    assert len(judged(asked, [], NAMES)) == 1


def test_each_workspace_and_channel_has_a_rate_of_its_own() -> None:
    """One in the same second in another channel is fine."""
    other = _post(10.2, "w000-j0001 in another channel", channel_id="C2")
    assert [each.kind for each in judged((CARD, other), [], NAMES)] == ["unexpected"] * 2
    journal = sorted(
        (*_updates(*range(40)), *_updates(*range(40), team_id=THERE)), key=lambda received: received.at
    )
    assert not [each for each in judged(journal, [], NAMES) if each.kind == "too fast"]

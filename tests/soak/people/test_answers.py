"""The judge of answers finds what is missing and what comes twice, and lets through what dying excuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.soak.judge import Finding
from tests.soak.people.answers import Trouble, answers_judged
from tests.soak.people.asking import Asked
from tests.soak.people.balancer import Attempt
from tests.soak.slack import RESPONSE, Received
from tests.tables import each_row

CHANGE = Asked(10.0, "T1", "C1", "/job feed on", is_acked=True, attempts=[Attempt(3, 10.0, is_acked=True)])
QUESTION = replace(CHANGE, words="/job list", changes=False)
REPEATED = replace(QUESTION, attempts=[Attempt(3, 10.0, is_acked=True), Attempt(4, 11.0, is_acked=True)])
ANSWER = Received(12.0, "T1", RESPONSE, text="Done", ts="-")
LOST = Received(12.0, "T1", RESPONSE, text="Done")
UNHEARD = replace(ANSWER, is_unheard=True)
REFUSED = Received(12.0, "T1", RESPONSE, text="Done", is_refused=True)
CALM = Trouble()


def _judged(asked: Asked, answers: Sequence[Received], trouble: Trouble) -> list[Finding]:
    return list(answers_judged([asked], lambda _: answers, trouble))


@each_row(
    "asked, answers, trouble, kinds",
    [
        # Once: over the response_url, or with the acknowledgment.
        (CHANGE, [ANSWER], CALM, []),
        (replace(CHANGE, ack_text="Please try again"), [], CALM, []),
        (CHANGE, [], CALM, ["lost"]),
        (QUESTION, [], CALM, ["lost"]),
        (CHANGE, [ANSWER, ANSWER], CALM, ["doubled"]),
        (QUESTION, [ANSWER, ANSWER], CALM, ["doubled"]),
        (replace(CHANGE, ack_text="Please try again"), [ANSWER], CALM, ["doubled"]),
        # Slack lost the answer: nobody can say whether it stands. Of one that was refused everybody can.
        (CHANGE, [LOST], CALM, []),
        (CHANGE, [REFUSED], CALM, ["lost"]),
        (CHANGE, [REFUSED, ANSWER], CALM, []),
        (CHANGE, [REFUSED] * 4, CALM, []),
        # Slack told the asker that nothing came.
        (replace(CHANGE, is_acked=False), [], CALM, []),
        (replace(CHANGE, is_acked=False), [ANSWER, ANSWER], CALM, ["doubled"]),
        # The process died before it answered: a question is lost with it, a change is not.
        (QUESTION, [], Trouble({3: 11.0}), []),
        (QUESTION, [], Trouble({3: 9.0}), ["lost"]),
        (QUESTION, [], Trouble({3: 500.0}), ["lost"]),
        (QUESTION, [], Trouble({4: 11.0}), ["lost"]),
        (QUESTION, [], Trouble({}, {3: [11.0]}), ["lost"]),
        (CHANGE, [], Trouble({3: 11.0}), ["lost"]),
        # The next one that Slack delivered it to answers.
        (REPEATED, [ANSWER], Trouble({3: 11.0}), []),
        (REPEATED, [], Trouble({3: 11.0}), ["lost"]),
        (REPEATED, [], Trouble({3: 11.0, 4: 13.0}), []),
        (REPEATED, [ANSWER, ANSWER], CALM, ["doubled"]),
        # It died, or fell asleep, as soon as it had answered; not long after, nor another one.
        (CHANGE, [ANSWER, ANSWER], Trouble({3: 12.1}), []),
        (CHANGE, [ANSWER, ANSWER], Trouble({}, {3: [12.0]}), []),
        (CHANGE, [ANSWER, ANSWER], Trouble({3: 40.0}), ["doubled"]),
        (CHANGE, [ANSWER, ANSWER], Trouble({3: 11.0}), ["doubled"]),
        (CHANGE, [ANSWER, ANSWER], Trouble({4: 12.1}), ["doubled"]),
        # Another one took up what changes something, when who had it was dead.
        (CHANGE, [ANSWER, ANSWER], Trouble({3: 11.0, 4: 12.1}), []),
        (CHANGE, [ANSWER, ANSWER], Trouble({4: 12.1}, {3: [11.0]}), []),
        (CHANGE, [ANSWER, ANSWER], Trouble({3: 11.0, 4: 40.0}), ["doubled"]),
        (CHANGE, [ANSWER, ANSWER], Trouble({3: 12.0, 4: 40.0}), []),
        (QUESTION, [ANSWER, ANSWER], Trouble({3: 11.0, 4: 12.1}), ["doubled"]),
        # Slack took it and did not say so: whoever answered still looks whether it stands when it dies.
        (CHANGE, [UNHEARD, ANSWER], Trouble({3: 90.0}), []),
        (CHANGE, [UNHEARD, ANSWER], Trouble({3: 93.0}), ["doubled"]),
        (CHANGE, [UNHEARD, ANSWER], Trouble({4: 90.0}), ["doubled"]),
        (CHANGE, [UNHEARD, ANSWER], CALM, ["doubled"]),
        # What a button changes may be put in its place twice.
        (replace(CHANGE, is_press=True), [ANSWER, ANSWER], CALM, []),
        (replace(CHANGE, is_press=True), [], CALM, ["lost"]),
        # Somebody subscribed in that thread.
        (replace(QUESTION, goes_on=True), [ANSWER, ANSWER], CALM, []),
    ],
)  # fmt: skip
def test_answers(asked: Asked, answers: Sequence[Received], trouble: Trouble, kinds: list[str]) -> None:
    """Each is answered once, where the process lived to do it."""
    assert [each.kind for each in _judged(asked, answers, trouble)] == kinds


def test_a_finding_names_what_was_asked() -> None:
    """Where, when and what."""
    [found] = _judged(CHANGE, [], CALM)
    assert str(found) == "lost: C1 at 10.00, '/job feed on': no answer"
    [found] = _judged(CHANGE, [ANSWER, ANSWER], Trouble({3: 40.0}))
    assert str(found) == (
        "doubled: C1 at 10.00, '/job feed on': answered 2 times, at 12.00, 12.00, "
        "process 3 had it at 10.00, died or slept at 40.00"
    )

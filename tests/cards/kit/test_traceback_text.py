"""The telling lines of an error message."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.kit.traceback_text import telling
from tests.tables import each_row

TRACEBACK = """Traceback (most recent call last):
  File "a.py", line 1, in <module>
    main()
  File "b.py", line 2, in main
    step()
  File "c.py", line 3, in step
    raise ValueError(text)
ValueError: loss is nan
"""


def test_the_exception_leads_and_its_last_frames_follow() -> None:
    """What and where, before the rest."""
    assert telling(TRACEBACK).headline == "ValueError: loss is nan"
    assert telling(TRACEBACK).excerpt.splitlines() == [
        "ValueError: loss is nan",
        "…",
        '  File "b.py", line 2, in main',
        "    step()",
        '  File "c.py", line 3, in step',
        "    raise ValueError(text)",
        "… (3 more lines)",
    ]


@each_row(
    "message, headline",
    [
        ("CUDA out of memory", "CUDA out of memory"),
        (TRACEBACK + "torch.distributed.elastic.errors.ChildFailedError: run.py", "ValueError: loss is nan"),
        ("[rank3]: RuntimeError: NCCL timeout\nclosing", "[rank3]: RuntimeError: NCCL timeout"),
        ("step 1\nsrun: error: node07: Killed\ncleaning up\nbye", "srun: error: node07: Killed"),
        ("step 1\nstep 2\nstep 3", "step 3"),
        ("subprocess.CalledProcessError: exit 1\nbye", "subprocess.CalledProcessError: exit 1"),
        (
            "[rank3]:[E Nccl.cpp:563] Watchdog caught an error: timeout\nelastic.ChildFailedError: \nFAILED",
            "[rank3]:[E Nccl.cpp:563] Watchdog caught an error: timeout",
        ),
        ("", ""),
        (" \n\t\n", ""),
    ],
)
def test_the_headline_says_what_went_wrong(message: str, headline: str) -> None:
    """The cause rather than the launcher's epilogue; an error word rather than the last line."""
    assert telling(message).headline == headline


def test_what_a_launcher_adds_is_left_out() -> None:
    """Neither the launcher's exit code nor its own error follows the cause."""
    message = (
        f"{TRACEBACK}E1103 12:42:17 148 api.py:874] failed (exitcode: 1)\nChildFailedError: run.py FAILED"
    )
    assert telling(message).excerpt.splitlines()[:2] == ["ValueError: loss is nan", "…"]


def test_a_short_message_is_whole() -> None:
    """Nothing is left out of one line."""
    assert telling("Dataset not found").excerpt == "Dataset not found"


def test_long_lines_are_cut_and_say_so() -> None:
    """One line of 100 kB does not fill the screen."""
    assert telling("ValueError: " + "x" * 100_000).excerpt.endswith("characters)")
    assert len(telling("ValueError: " + "x" * 100_000).excerpt) == 240


@settings(max_examples=60)
@given(st.lists(st.text(max_size=40) | st.sampled_from(TRACEBACK.splitlines()), max_size=30).map("\n".join))
def test_stays_short(message: str) -> None:
    """At most ten lines, whatever comes."""
    excerpt = telling(message).excerpt
    assert len(excerpt.split("\n")) <= 10
    assert excerpt == excerpt.rstrip("\n")

"""A training API that behaves like Simplismart's: its three GET methods, its errors, jobs that live."""

from bot.playground.training_suite.catalogue import IDS, demo_jobs
from bot.playground.training_suite.keys import key_until
from bot.playground.training_suite.lives import Ending, JobPlan, state
from bot.playground.training_suite.suite import DEFAULT_ORG_ID, DEFAULT_TOKEN, Request, TrainingSuite
from bot.playground.training_suite.switches import Switches
from bot.playground.training_suite.timeline import Timeline

__all__ = [
    "DEFAULT_ORG_ID",
    "DEFAULT_TOKEN",
    "IDS",
    "Ending",
    "JobPlan",
    "Request",
    "Switches",
    "Timeline",
    "TrainingSuite",
    "demo_jobs",
    "key_until",
    "state",
]

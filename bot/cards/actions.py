"""The names of what can be pressed: ``action_id`` of a card's actions, ``callback_id`` of shortcuts."""

REFRESH = "job.refresh"
DETAILS = "job.details"
FULL_ERROR = "job.full_error"
SHARE = "job.share"
TRY_AGAIN = "job.try_again"
METRICS = "job.metrics"
SUBSCRIBE = "job.subscribe"
UNSUBSCRIBE = "job.unsubscribe"
STOP = "watch.stop"
"""The presser no longer follows; its value is the subscription's id."""
STOP_FOR_ALL = "watch.stop_for_all"
"""Nobody follows any longer; its value is the subscription's id."""
CHOOSE = "job.choose"
"""One of several jobs that fit what was typed; its value is a `bot.cards.which_one.Choice`."""

REFRESH_HOME = "home.refresh"
"""Draws the presser's Home tab anew."""
OPEN = "list.open"
"""The card of a job on the list; its value is the request id."""
NEWER = "list.newer"
OLDER = "list.older"
"""Another page of the list; their value is a `bot.cards.jobs_list.Page`."""

CHECK_JOB = "job.check"
"""The message shortcut, as manifest.yml has it."""
PICK = "job.pick"
"""The picker: its window and its one field."""

ABOUT_JOBS = frozenset({REFRESH, DETAILS, FULL_ERROR, SHARE, TRY_AGAIN, METRICS, SUBSCRIBE, UNSUBSCRIBE})
"""Those whose value is a request id."""
ALL = ABOUT_JOBS | {STOP, STOP_FOR_ALL, CHOOSE, OPEN, NEWER, OLDER, REFRESH_HOME}

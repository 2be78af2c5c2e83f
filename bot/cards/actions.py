"""The names of buttons: ``action_id`` of every action a card offers. A button's value is its request id."""

REFRESH = "job.refresh"
DETAILS = "job.details"
FULL_ERROR = "job.full_error"
SHARE = "job.share"
TRY_AGAIN = "job.try_again"

ALL = frozenset({REFRESH, DETAILS, FULL_ERROR, SHARE, TRY_AGAIN})

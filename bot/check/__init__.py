"""``python -m bot check``: what an operator can find out before anybody in Slack does."""

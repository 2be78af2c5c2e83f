"""Alerts: whether the value of a condition has been reached."""

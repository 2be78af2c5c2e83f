"""Notifications: a class for each kind, and one registry that says who gets it."""

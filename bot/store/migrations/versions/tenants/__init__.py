"""Workspaces, and what they set."""

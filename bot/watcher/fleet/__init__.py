"""The watchers of all organizations, side by side."""

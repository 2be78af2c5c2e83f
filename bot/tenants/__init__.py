"""Workspaces that install the app themselves: their tokens and keys, sealed, and how they come and go."""

"""Migrations of what operators see. Their order is that of the revisions, whatever the folder."""

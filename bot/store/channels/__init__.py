"""Feeds, digests, and messages of the bot itself."""

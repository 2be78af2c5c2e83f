"""Simplismart's training API: typed, cached and rate-limited."""

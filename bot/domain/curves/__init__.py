"""Metric series, and what looks wrong in them."""

"""Secrets that show by themselves."""

"""Secrets that their names give away."""

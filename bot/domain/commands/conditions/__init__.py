"""Conditions of alerts: what people may wait for, and how they type it."""

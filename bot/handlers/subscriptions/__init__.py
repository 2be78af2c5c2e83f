"""Subscribing, unsubscribing, and what is subscribed to."""

"""Bolt's side: who asks, what was asked, and where it goes."""

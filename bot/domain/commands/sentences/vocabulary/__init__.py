"""The words people use, as data."""

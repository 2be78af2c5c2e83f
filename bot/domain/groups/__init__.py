"""Groups: several jobs that somebody subscribed to at once, such as a sweep."""

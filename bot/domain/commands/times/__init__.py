"""Times as people say them: spans such as ``7 days``, and moments such as ``yesterday``."""

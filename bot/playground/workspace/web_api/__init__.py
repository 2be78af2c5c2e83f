"""The Web API as the real one answers it."""

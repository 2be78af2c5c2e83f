"""One call of the Web API: sent, read, sorted by what it means, tried again where that is safe."""

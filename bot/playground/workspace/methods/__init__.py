"""The Web API methods the workspace knows, one module a family."""

"""`setup`: who may open it, the window, and what was typed into it."""

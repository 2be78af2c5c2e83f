"""Who gets updates on which job, and the threads it happens in."""

"""Long lists read row by row while they arrive."""

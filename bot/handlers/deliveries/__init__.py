"""Every delivery is answered once: claimed, worked off, taken up after a crash."""

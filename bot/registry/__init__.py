"""The tenants of this process: found, opened with their first use, replaced and let go while it runs."""

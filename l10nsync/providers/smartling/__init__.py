"""Smartling: observing a project, filling translation jobs, fetching translations."""

"""The desk's first page, which knows none of the apps: each registers what it has to show."""

"""Writes of the workspace, and the audit, event and job tools that all rooms share."""

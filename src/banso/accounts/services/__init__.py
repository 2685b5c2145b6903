"""Writes of accounts, people, the timeline, tasks and saved segments."""

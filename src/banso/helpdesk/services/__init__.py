"""Writes of the helpdesk."""

"""Reads of the helpdesk."""

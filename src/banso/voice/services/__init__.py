"""Writes of the voice of the customer."""

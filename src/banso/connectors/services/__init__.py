"""Writes of the connectors."""

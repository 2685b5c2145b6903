"""Intake of usage data, and what pages show of it."""

"""Support tickets and their history."""

"""Bringing other people's files and systems in, and taking data out."""

"""Bringing files in: upload, map, check, run, report, undo."""

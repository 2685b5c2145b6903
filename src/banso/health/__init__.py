"""Metrics, scorecards, scores and their history, signals, and the book of business."""

"""Pages about where data comes from: files, and events as they happen."""

"""Today: the ordered list of what the reader should do."""

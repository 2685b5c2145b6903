"""The account page and everything that is done on it."""

"""Pure rules of usage: what a message must be, and what it means."""

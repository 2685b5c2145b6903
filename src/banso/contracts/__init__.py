"""Products, subscriptions and their history."""

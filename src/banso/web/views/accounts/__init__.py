"""The book of business: list, filters, saved segments, bulk actions, export."""

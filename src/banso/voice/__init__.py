"""The voice of the customer: NPS answers."""

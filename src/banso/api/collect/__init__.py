"""The collection API: events by the Segment tracking protocol, kept before they are answered."""

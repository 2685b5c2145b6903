"""What an installation starts with: metrics, scorecards and signal rules."""

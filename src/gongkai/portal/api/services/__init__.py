"""What the API writes: the daily dump."""

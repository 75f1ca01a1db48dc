"""Changing what is kept of saved searches: asking, confirming, stopping, looking for news, sending, forgetting."""

"""Changing what the search has: the index, the words of editors, the queries that found nothing."""

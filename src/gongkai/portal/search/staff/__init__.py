"""Staff pages of the search."""

"""Staff pages of the lists of words."""

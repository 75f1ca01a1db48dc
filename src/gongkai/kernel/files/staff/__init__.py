"""Staff pages of the file store."""

"""Staff pages of disclosure."""

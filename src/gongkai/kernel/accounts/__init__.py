"""People, their posts in units, and what a post allows."""

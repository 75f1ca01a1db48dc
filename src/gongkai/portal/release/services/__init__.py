"""Writing places in lists and settling changes."""

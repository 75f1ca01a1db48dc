"""Units as a tree, their names over time, and groups of units resolved on a date."""

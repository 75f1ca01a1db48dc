"""The sample city: a fictional county-level city that shows every screen something."""

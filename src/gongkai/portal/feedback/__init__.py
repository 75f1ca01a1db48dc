"""What readers say of a public page: whether it was of use, and what the owner unit made of it."""

LONGEST = 500
"""Characters that a reader may write, and that the note of what was done may have."""

"""Components, tokens, base layouts and the pattern library."""

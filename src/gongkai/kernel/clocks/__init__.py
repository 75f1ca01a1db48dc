"""Working-day calendars on file and the clocks that run over them."""

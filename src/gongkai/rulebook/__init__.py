"""Law as data: dated provisions with their citation, working-day calendars, and the texts of messages."""

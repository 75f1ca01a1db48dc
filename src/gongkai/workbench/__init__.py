"""Staff home: my work, lights, inbox, overview."""

"""Background and periodic work over procrastinate."""

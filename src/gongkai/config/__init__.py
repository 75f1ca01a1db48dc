"""The one place that knows everything: settings, URLs, and who reacts to which event."""

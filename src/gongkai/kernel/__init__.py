"""Django apps every feature stands on; no feature is imported here."""

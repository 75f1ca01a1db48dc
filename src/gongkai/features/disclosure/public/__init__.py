"""Public pages of disclosure."""

"""What readers said, before those who answer for the page."""

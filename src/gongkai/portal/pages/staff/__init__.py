"""Staff screens of sites and their pages."""

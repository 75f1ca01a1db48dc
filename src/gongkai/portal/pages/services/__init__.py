"""Writing of sites, shared items and publications of pages."""

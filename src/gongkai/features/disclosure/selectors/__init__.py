"""Who may see what of the items; everything that reads them for screens, exports and the public."""

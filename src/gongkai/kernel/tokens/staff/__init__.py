"""Pages on which administrators let other systems in."""

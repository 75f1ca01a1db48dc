"""Public addresses of pages, where the static release does not have them at the moment."""

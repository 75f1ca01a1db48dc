"""The staff page of saved searches."""

"""The public pages of saved searches."""

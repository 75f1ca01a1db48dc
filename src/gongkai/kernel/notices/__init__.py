"""Notices to people: an inbox on the workbench, and e-mail."""

"""Replaying case files: dated events of one or many cases, read, decided and told without a database."""

"""Yearly plans, their work items, the ledger and its evidence."""

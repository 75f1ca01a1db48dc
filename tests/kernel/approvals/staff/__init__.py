"""Tests of the pages of routes and delegations."""

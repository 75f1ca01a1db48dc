"""The pages of routes and delegations."""

"""Tests of the approval engine on the database."""

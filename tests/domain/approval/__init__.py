"""Tests of the pure rules of approval."""

"""Typed references between objects of different features."""

"""Gongkai (公开): software for a local government's openness work (政务公开)."""

__version__ = "0.1.0"

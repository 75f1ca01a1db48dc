"""Tests of disclosure on application."""

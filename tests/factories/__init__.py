"""Small worlds for the tests of features."""

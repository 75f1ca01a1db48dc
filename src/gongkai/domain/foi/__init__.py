"""Disclosure on application (依申请公开): the pure core of a case."""

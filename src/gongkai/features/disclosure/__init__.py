"""Disclosed items from intake to archive: attribute, review, gate, publication record (条例 arts. 13-26)."""

"""Stored files, addressed by the digest of their bytes."""

"""What changes items and their record: every write of this feature happens here."""

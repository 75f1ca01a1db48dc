"""Gap-free register numbers."""

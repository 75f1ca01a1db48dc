"""Settings: ``embedded`` (the default), ``production`` and ``test``, all on top of ``base``."""

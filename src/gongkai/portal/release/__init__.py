"""The static release: every public page and file as files on disk, rendered from publications, with a signed manifest.

``builder`` asks what changed, settles places in lists, renders the parts that show it and hands them to ``disk``;
``checking`` compares disk and manifest; ``serving`` answers requests from the files.
"""

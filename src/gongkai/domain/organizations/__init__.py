"""Units of a government: kinds, names, division codes, phrases that name one or many of them.

No I/O here: the units, the table of standard names and the phrase patterns are passed in.
"""

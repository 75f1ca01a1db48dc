"""How often one place may do something, counted in the database for all processes together.

``web.too_many(request, kind="portal.search", limit=60, seconds=60)`` counts and tells; ``web.is_over`` only looks;
``services.take_once`` lets something be used once. A table of its own instead of a cache in the database: one statement
counts without losing anything, where a cache reads, adds and writes. The table is not written to the write-ahead log
(a crash empties it, nothing else is lost), so that counting waits for no disk. Addresses are kept as keyed digests.
"""

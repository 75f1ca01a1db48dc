"""Pure rules of openness work: no Django, no I/O, no system clock.

Dates and texts go in as arguments, values come out. Everything here can be tested without fixtures,
run without a database and read beside the article of law that it implements.
"""

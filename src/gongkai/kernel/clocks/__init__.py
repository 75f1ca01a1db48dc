"""Working-day calendars on file and the clocks that run over them.

``selectors.calendar_current()`` is the calendar every computation uses: the years that ship with the program and those
imported since. A clock of an object is started with ``services.clock_start`` and read with ``selectors.clock_read``; its
dates also stand in columns, so that lists can be asked and a new notice can recompute them. Basis: 政府信息公开条例 and
the rules of the rulebook; every reading explains itself (``{% gk_due_badge %}``).
"""

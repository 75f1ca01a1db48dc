"""Work on files that strangers made, in processes of its own: one that hangs or falls over takes nothing else along.

``ReadingPool`` runs one function of a module that needs neither Django nor a database. A task that takes too much
processor or memory, or that kills its process, is told by ``ReaderStopped``; the tasks beside it go on.
"""

from gongkai.kernel.reading.pool import ReaderStopped, ReadingPool

__all__ = ["ReaderStopped", "ReadingPool"]

"""Feeds of what is published: RSS 2.0, Atom and JSON Feed for everything, each column and each unit.

``formats`` makes the bytes and is pure; ``selectors.feed_files(key, at=)`` returns the three files of a list by their
names and needs no request, so that the static release writes them beside the list's first page. The same publications
give the same bytes whenever they are asked for; an item that is taken down is in none of them from that moment on.
"""

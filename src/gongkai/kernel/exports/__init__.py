"""Spreadsheets that are too long for one request: asked for, written by a job, told of, and deleted after a while.

A feature makes a table of its own from ``models.ExportBase`` and says in an ``services.ExportKind`` what it writes; the
pages extend ``exports/ask.html``, ``exports/detail.html`` and ``exports/list.html``.
"""

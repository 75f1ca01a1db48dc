"""The pages that editors make: home, columns, topics and texts of every site, in Wagtail's editor.

A page says where things are; what a unit has to tell the public is an item. What the public sees of a page is its last
publication on record (``PagePublication``), never what Wagtail holds to be live. See ADR 0018 and ``docs/domain/site.md``.
"""

"""The words that an office keeps itself: wrong wording, phrases that are right, and the names of its leaders.

Words hold everywhere or in one unit, and from and until a day. ``selectors.content_rules(on=…, unit_id=…)`` gives them
together with the shipped rules, compiled once per version and process. See ``docs/domain/gate.md``.
"""

"""The append-only, hash-chained record of who did what.

Every service that changes something calls ``services.record`` (or ``record_many``) as its last statement inside its
transaction. Action codes are registered with a Chinese label by the feature that uses them (``actions.register_actions``). How
the chain is computed and checked is told in ``docs/domain/audit.md``; 伪造发稿日期 is a veto item of the inspection of
government websites, and here anyone can check.
"""

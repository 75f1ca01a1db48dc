"""Approval routes: who has to sign what before it may leave the house, and who did.

A route is data: steps with roles, an order and the steps each must be separate from. An approval freezes the steps of
its route and is bound to the digest of exactly what was read; signatures are rows that are only ever added. The database
itself refuses a second signature of one person where persons have to differ (``Seat``), a signature on another text, on
a step that is not open, or by somebody without a post; see ``migrations`` and ``docs/domain/approvals.md``.

Use ``services`` (``approval_open``, ``approval_sign``, ``approval_void`` …), ``selectors`` (``approval_progress``, ``inbox``
…) and ``events``; a publication asks the SQL function ``gk_approval_complete(approval_id, digest)``.
"""

"""What a disclosed item consists of, in which states it can be, and how its index number is built. Pure.

``ItemContent`` is exactly what reviewers read and sign; its digest binds signatures, gate runs and publications to it.
"""

from gongkai.domain.items.content import AttachmentRef, ItemContent, UnitRef

__all__ = ["AttachmentRef", "ItemContent", "UnitRef"]

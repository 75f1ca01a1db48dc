"""Telling whether two Chinese texts are nearly the same: shingles, signatures, and keys to look candidates up by. Pure.

``signature(text)`` is small and kept beside the text; ``similarity(a, b)`` estimates from two signatures which share of
their shingles two texts have in common; ``band_keys(signature)`` gives numbers for an index: texts that are alike share
at least one of them (see ``BANDS`` for how surely). ``overlap(a, b)`` compares two texts exactly.
"""

from gongkai.domain.similarity.shingles import normalized, overlap, shingles
from gongkai.domain.similarity.signatures import (
    BANDS,
    BINS,
    ROWS,
    Signature,
    band_keys,
    from_bytes,
    signature,
    similarity,
)

__all__ = [
    "BANDS",
    "BINS",
    "ROWS",
    "Signature",
    "band_keys",
    "from_bytes",
    "normalized",
    "overlap",
    "shingles",
    "signature",
    "similarity",
]

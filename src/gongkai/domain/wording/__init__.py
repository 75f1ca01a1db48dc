"""Checking what a text says: findings, graded and placed, and the lexicon of wrong wording.

Pure: texts, hits and rules in, frozen findings out. Finding the words of a large lexicon in a text is the work of a
``Matcher`` (``gongkai.kernel.content`` has one on Hyperscan); this package says which words to look for and what a hit
means: exceptions by context, allowed phrases, cited titles, overlaps. See ``docs/domain/content-check.md``.
"""

from gongkai.domain.wording.finding import Finding, Grade, Place, PlaceKind, without_overlaps
from gongkai.domain.wording.leaders import Leader, LeaderTable
from gongkai.domain.wording.lexicon import Hit, Lexicon, Matcher, Term
from gongkai.domain.wording.pieces import Joined, Piece

__all__ = [
    "Finding",
    "Grade",
    "Hit",
    "Joined",
    "Leader",
    "LeaderTable",
    "Lexicon",
    "Matcher",
    "Piece",
    "Place",
    "PlaceKind",
    "Term",
    "without_overlaps",
]

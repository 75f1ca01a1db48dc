"""Changing the lists. Every change gives them another version, so that all processes take the new words at once."""

from gongkai.kernel.wordlists.services.allowed import allowed_add, allowed_end
from gongkai.kernel.wordlists.services.imports import WordImportReport, words_import
from gongkai.kernel.wordlists.services.leaders import leader_add, leader_change, leader_end
from gongkai.kernel.wordlists.services.words import word_add, word_end

__all__ = [
    "WordImportReport",
    "allowed_add",
    "allowed_end",
    "leader_add",
    "leader_change",
    "leader_end",
    "word_add",
    "word_end",
    "words_import",
]

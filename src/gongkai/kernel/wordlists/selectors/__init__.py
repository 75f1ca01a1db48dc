"""Reading the lists, and the compiled rules of the content check made of them."""

from gongkai.kernel.wordlists.selectors.lists import (
    WordFilters,
    allowed_list,
    leader_get,
    leader_list,
    word_counts,
    word_list,
)
from gongkai.kernel.wordlists.selectors.rules import content_rules, forget_rules

__all__ = [
    "WordFilters",
    "allowed_list",
    "content_rules",
    "forget_rules",
    "leader_get",
    "leader_list",
    "word_counts",
    "word_list",
]

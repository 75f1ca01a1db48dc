"""Looking at what is (or is about to be) on a site: whether people can read it. Pure.

``read_over`` gives everything that hinders readers of a body, in reading order: what cannot be perceived by all
(``accessibility``) and what is hard to understand (``readability``).
"""

from gongkai.domain.monitoring.reading import read_over
from gongkai.domain.monitoring.reading_rules import ReadingCheck, ReadingRules, Topic

__all__ = ["ReadingCheck", "ReadingRules", "Topic", "read_over"]

"""When something may be published, moments of schedules, where readers are sent on to, and early or late. Pure."""

from gongkai.domain.publishing.moments import check_schedule, in_words, to_second
from gongkai.domain.publishing.redirects import last_of, leads_back
from gongkai.domain.publishing.release import ApprovalStanding, GateStanding, ReleaseState, check_publication
from gongkai.domain.publishing.timeliness import Punctuality, Standing, punctuality

__all__ = [
    "ApprovalStanding",
    "GateStanding",
    "Punctuality",
    "ReleaseState",
    "Standing",
    "check_publication",
    "check_schedule",
    "in_words",
    "last_of",
    "leads_back",
    "punctuality",
    "to_second",
]

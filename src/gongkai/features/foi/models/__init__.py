"""Tables of disclosure on application: applications and their applicants, the events of a case, its papers."""

from gongkai.features.foi.models.applications import Applicant, Application
from gongkai.features.foi.models.events import CaseEvent
from gongkai.features.foi.models.papers import CasePaper

__all__ = ["Applicant", "Application", "CaseEvent", "CasePaper"]

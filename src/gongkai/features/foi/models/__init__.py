"""Tables of disclosure on application: applications and applicants, the events of a case, its papers, and what comes before."""

from gongkai.features.foi.models.applications import Applicant, Application
from gongkai.features.foi.models.asking import ApplicationDraft, Suggestion
from gongkai.features.foi.models.delivering import LetterDelivery
from gongkai.features.foi.models.events import CaseEvent
from gongkai.features.foi.models.handing import HandOver
from gongkai.features.foi.models.office import (
    AnswerTemplate,
    AnswerTemplateVersion,
    AnswerUse,
    LetterTemplate,
    OfficeFacts,
)
from gongkai.features.foi.models.papers import CasePaper
from gongkai.features.foi.models.rounds import CaseRound

__all__ = [
    "AnswerTemplate",
    "AnswerTemplateVersion",
    "AnswerUse",
    "Applicant",
    "Application",
    "ApplicationDraft",
    "CaseEvent",
    "CasePaper",
    "CaseRound",
    "HandOver",
    "LetterDelivery",
    "LetterTemplate",
    "OfficeFacts",
    "Suggestion",
]

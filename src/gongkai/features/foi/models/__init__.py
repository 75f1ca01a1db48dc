"""Tables of disclosure on application: applications and applicants, the events of a case, its papers, and what comes before."""

from gongkai.features.foi.models.after import LogEntry, LogObjection, ProactiveProposal, ProposalCase
from gongkai.features.foi.models.amendments import AmendmentEvent, AmendmentPaper, AmendmentRequest
from gongkai.features.foi.models.applications import Applicant, Application
from gongkai.features.foi.models.asking import ApplicationDraft, Suggestion
from gongkai.features.foi.models.campaigns import BatchLine, BatchRun, Campaign, CampaignMember
from gongkai.features.foi.models.delivering import LetterDelivery
from gongkai.features.foi.models.events import CaseEvent
from gongkai.features.foi.models.fees import FeeDecision
from gongkai.features.foi.models.handing import HandOver
from gongkai.features.foi.models.linked import CaseLink
from gongkai.features.foi.models.office import (
    AnswerTemplate,
    AnswerTemplateVersion,
    AnswerUse,
    LetterTemplate,
    OfficeFacts,
)
from gongkai.features.foi.models.papers import CasePaper
from gongkai.features.foi.models.remedies import CaseRemedy, RemedyStep
from gongkai.features.foi.models.retention import CaseHold, DestructionLine, DestructionList, RetentionTerm
from gongkai.features.foi.models.retrievals import Retrieval, RetrievalFile, RetrievalStep
from gongkai.features.foi.models.rounds import CaseRound

__all__ = [
    "AmendmentEvent",
    "AmendmentPaper",
    "AmendmentRequest",
    "AnswerTemplate",
    "AnswerTemplateVersion",
    "AnswerUse",
    "Applicant",
    "Application",
    "ApplicationDraft",
    "BatchLine",
    "BatchRun",
    "Campaign",
    "CampaignMember",
    "CaseEvent",
    "CaseHold",
    "CaseLink",
    "CasePaper",
    "CaseRemedy",
    "CaseRound",
    "DestructionLine",
    "DestructionList",
    "FeeDecision",
    "HandOver",
    "LetterDelivery",
    "LetterTemplate",
    "LogEntry",
    "LogObjection",
    "OfficeFacts",
    "ProactiveProposal",
    "ProposalCase",
    "RemedyStep",
    "RetentionTerm",
    "Retrieval",
    "RetrievalFile",
    "RetrievalStep",
    "Suggestion",
]

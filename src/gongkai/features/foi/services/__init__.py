"""Changing applications and their cases; every function is one transaction with its audit rows, and tells all reasons at once."""

from gongkai.features.foi.selectors.access import code_shown
from gongkai.features.foi.services.amendment_letters import amendment_letter_write
from gongkai.features.foi.services.amendment_papers import amendment_paper_open
from gongkai.features.foi.services.amendments import (
    AmendmentTaken,
    amendment_do,
    amendment_prove,
    amendment_submit,
    amendment_withdraw,
)
from gongkai.features.foi.services.answers import answer_retire, answer_save
from gongkai.features.foi.services.asking import (
    DRAFT_DAYS,
    Kept,
    draft_drop,
    draft_keep,
    drafts_sweep,
    suggestion_settle,
    suggestion_show,
)
from gongkai.features.foi.services.beginning import Taken
from gongkai.features.foi.services.case_files import case_file
from gongkai.features.foi.services.commands import case_after, case_do, case_steps
from gongkai.features.foi.services.delivering import delivery_note
from gongkai.features.foi.services.letters import letter_write
from gongkai.features.foi.services.linked import application_merge, application_move, application_split, moved_tell
from gongkai.features.foi.services.office import office_save
from gongkai.features.foi.services.once import application_submit_once, drawn, number_of
from gongkai.features.foi.services.online import online_open
from gongkai.features.foi.services.papers import identity_open, paper_add, paper_remove
from gongkai.features.foi.services.receiving import (
    applicant_confirm,
    applicant_withdraw,
    application_submit,
    receipt_record,
)
from gongkai.features.foi.services.redacting import paper_redact
from gongkai.features.foi.services.remedies import remedy_step
from gongkai.features.foi.services.repeat_drafts import repeat_draft
from gongkai.features.foi.services.service_days import service_correct
from gongkai.features.foi.services.supplying import applicant_supply
from gongkai.features.foi.services.templates import template_upload, template_use

__all__ = [
    "DRAFT_DAYS",
    "Kept",
    "Taken",
    "AmendmentTaken",
    "amendment_do",
    "amendment_letter_write",
    "amendment_paper_open",
    "amendment_prove",
    "amendment_submit",
    "amendment_withdraw",
    "answer_retire",
    "answer_save",
    "applicant_confirm",
    "applicant_supply",
    "applicant_withdraw",
    "application_merge",
    "application_move",
    "application_split",
    "application_submit",
    "application_submit_once",
    "case_after",
    "case_do",
    "case_file",
    "case_steps",
    "code_shown",
    "delivery_note",
    "draft_drop",
    "draft_keep",
    "drafts_sweep",
    "drawn",
    "identity_open",
    "letter_write",
    "office_save",
    "moved_tell",
    "number_of",
    "online_open",
    "paper_add",
    "paper_redact",
    "paper_remove",
    "receipt_record",
    "remedy_step",
    "repeat_draft",
    "service_correct",
    "suggestion_settle",
    "suggestion_show",
    "template_upload",
    "template_use",
]

"""What must not get from a case into the eyes of the public: the same checks for every text and file that goes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.public_words import standing
from gongkai.domain.issues import Issue
from gongkai.domain.wording import Finding, Grade
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.services.hidden import applicant_data
from gongkai.kernel.content import Field, check_fields, check_file, sentence
from gongkai.kernel.documents import read_document
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.wordlists.selectors.rules import content_rules

_PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff")


def stops_log(finding: Finding) -> bool:
    """Tell whether a finding keeps a text out of the log: stricter than elsewhere, since these texts begin with a person.

    What stops any publication, and personal or hidden data of the third grade, too (a mobile number, an address).
    """
    personal = finding.code.startswith(("content.person.", "content.hidden."))
    return finding.grade.stops or (personal and finding.grade is Grade.L3)


@sensitive_variables()
def hidden_data(application: Application) -> dict[str, str]:
    """Return what leads to the applicant, by what it is: the sealed data, the number and the code of the case."""
    own = {"登记编号": application.register_no, "查询码": application.query_code.for_machine()}
    return {**applicant_data(application.applicant), **own}


def text_issues(texts: Mapping[str, str], *, labels: Mapping[str, str], unit_id: int, on: date) -> list[Issue]:
    """Return what the content check stops in texts; personal data are told masked."""
    fields = [Field(name, text) for name, text in texts.items()]
    found = check_fields(fields, rules=content_rules(on=on, unit_id=unit_id))
    return [
        Issue("foi.log.content", one.key, {"what": labels[one.key], "found": sentence(one.finding)})
        for one in found
        if stops_log(one.finding)
    ]


@sensitive_variables()
def paper_issues(paper: CasePaper, *, application: Application, on: date) -> list[Issue]:
    """Return what keeps a paper of a case from being attached: personal data in it, or nothing that can be read."""
    assert paper.file is not None
    data, name = file_path(file=paper.file).read_bytes(), paper.file.name
    told = {"title": paper.title}
    if name.lower().endswith(_PICTURES):
        return [Issue("foi.log.paper_unread", "papers", told)]
    try:
        report = check_file(data, name=name, rules=content_rules(on=on, unit_id=application.unit_id))
        text = read_document(data, name=name).text()
    except Refused:
        return [Issue("foi.log.paper_unread", "papers", told)]
    issues = [Issue("foi.log.paper_content", "papers", told)] if any(stops_log(one) for one in report.findings) else []
    if not text.strip():
        issues.append(Issue("foi.log.paper_unread", "papers", told))
    if standing(text, hidden_data(application)):
        issues.append(Issue("foi.log.paper_hidden", "papers", told))
    return issues

"""From a publication to a document of the index."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date

from gongkai.domain.publishing.moments import BEIJING
from gongkai.features.disclosure.selectors.search_feed import PublishedFacts
from gongkai.portal.search.schema import AttachedText, SearchDocument
from gongkai.rulebook.disclosure import disclosure_rules

logger = logging.getLogger(__name__)


def document_of(facts: PublishedFacts, texts: Mapping[str, str]) -> SearchDocument:
    """Return the document of a publication; ``texts`` are the texts of its attachments by digest."""
    content = facts.content
    day: date = content.issued_on or content.written_on or facts.published_at.astimezone(BEIJING).date()
    return SearchDocument(
        item_id=facts.item_id,
        publication_id=facts.publication_id,
        uid=str(facts.uid),
        title=content.title,
        body=_body(facts),
        kind=content.kind,
        unit_id=facts.unit_id,
        unit_name=facts.unit_name,
        published_at=facts.published_at,
        year=day.year,
        doc_no=content.doc_no,
        index_no=facts.index_no,
        keywords=content.keywords,
        columns=facts.columns,
        subjects=_subjects(content.subject),
        validity=facts.validity,
        files=tuple(
            AttachedText(name=file.title or file.name, text=texts.get(file.sha256, "")) for file in content.attachments
        ),
    )


def _body(facts: PublishedFacts) -> str:
    """The text without the title, which has a field of its own."""
    text = facts.content.plain_text()
    return text.removeprefix(facts.content.title).lstrip("\n")


def _subjects(code: str) -> tuple[str, ...]:
    if not code:
        return ()
    found = disclosure_rules().subjects.get(code)
    return (found.parent, code) if found is not None and found.parent else (code,)

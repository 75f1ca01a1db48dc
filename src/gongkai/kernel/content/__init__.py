"""Checking a file before it is published: wrong wording and personal data, in its text and where nobody looks.

``check_file`` takes a path or bytes (TXT, DOCX, XLSX, PDF, HTML, pictures), ``check_text`` a text from an editor. Both
need rules (``shipped_rules()`` or ``load_rules(folder)``) and neither needs Django settings or a database. What cannot
be read is refused as in ``gongkai.kernel.documents``. See ``docs/domain/content-check.md``.
"""

from gongkai.kernel.content.check import Report, check_file, check_text
from gongkai.kernel.content.fields import Field, FieldFinding, check_fields
from gongkai.kernel.content.matcher import HyperscanMatcher
from gongkai.kernel.content.output import place_text, report_as_dict, safe_context, sentence
from gongkai.kernel.content.rules import (
    ContentRules,
    ContentRulesInvalid,
    build_lexicon,
    build_rules,
    load_rules,
    office_words,
    rules_for,
    shipped_rules,
)

__all__ = [
    "ContentRules",
    "ContentRulesInvalid",
    "Field",
    "FieldFinding",
    "HyperscanMatcher",
    "Report",
    "build_lexicon",
    "build_rules",
    "check_fields",
    "check_file",
    "check_text",
    "load_rules",
    "office_words",
    "place_text",
    "report_as_dict",
    "rules_for",
    "safe_context",
    "sentence",
    "shipped_rules",
]

"""What of an application must not stand in a text that the public reads."""

from __future__ import annotations

from collections.abc import Mapping

from gongkai.domain.issues import Issue
from gongkai.domain.similarity.shingles import normalized, overlap

COPIED = 0.9
"""Share of wording in common from which a text counts as the applicant's own. Not law: it asks for one's own words."""
SHORTEST_COPY = 20
"""Characters from which a text can be called copied: a short name of a document is nobody's own wording."""
SHORTEST_DATUM = 2
LONGEST_TITLE, LONGEST_TEXT = 200, 2000


def check_public_words(
    texts: Mapping[str, str], *, labels: Mapping[str, str], hidden: Mapping[str, str], original: str = ""
) -> tuple[Issue, ...]:
    """Return everything that speaks against texts (by the name of their field): empty, too long, personal, copied.

    ``hidden`` holds what must not stand in them, by what it is (姓名, 证件号码); ``original`` is what the applicant wrote.
    The values themselves are never told.
    """
    issues = []
    for name, text in texts.items():
        label, most = labels[name], LONGEST_TITLE if name == "title" else LONGEST_TEXT
        if not text.strip():
            issues.append(Issue("foi.log.empty", name, {"what": label}))
        if len(text) > most:
            issues.append(Issue("foi.log.too_long", name, {"what": label, "most": most, "count": len(text)}))
        issues += [Issue("foi.log.hidden", name, {"what": label, "datum": datum}) for datum in standing(text, hidden)]
        if len(normalized(text)) >= SHORTEST_COPY and original and overlap(text, original) >= COPIED:
            issues.append(Issue("foi.log.copied", name, {"what": label}))
    return tuple(issues)


def standing(text: str, hidden: Mapping[str, str]) -> list[str]:
    """Return which of the hidden data stand in a text, however they are set: width, blanks and signs do not count."""
    plain = normalized(text)
    found = []
    for what, datum in hidden.items():
        wanted = normalized(datum)
        if len(wanted) >= SHORTEST_DATUM and wanted in plain:
            found.append(what)
    return found

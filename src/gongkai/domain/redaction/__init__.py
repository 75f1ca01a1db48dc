"""Planning what to mask in a text: which characters, and the text with them masked. Pure.

Only texts: an editor proposes the masked text, a person decides. Taking data out of files for good (the severance of
article 37) is another matter and not done here.
"""

from gongkai.domain.redaction.masking import PERSONAL, Redaction, Span, plan_redaction

__all__ = ["PERSONAL", "Redaction", "Span", "plan_redaction"]

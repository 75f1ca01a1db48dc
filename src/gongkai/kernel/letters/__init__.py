"""Letters (文书) as DOCX: shipped templates, an office's own in their place, filled, previewed and checked.

No models and no Django: who may write which letter, its number and its place in the file belong to the features.
"""

from gongkai.kernel.letters.checking import template_issues
from gongkai.kernel.letters.rendering import (
    LetterRefused,
    letter_blank,
    letter_html,
    letter_render,
    letter_template,
    letter_text,
)

__all__ = [
    "LetterRefused",
    "letter_blank",
    "letter_html",
    "letter_render",
    "letter_template",
    "letter_text",
    "template_issues",
]

"""What the staff pages of disclosure share: the ways back; the rest is every feature's (``kernel.accounts.pages``)."""

from __future__ import annotations

from django.urls import reverse_lazy

from gongkai.kernel.accounts.pages import (
    CONFLICT,
    DOCX,
    NOT_FOUND,
    REFUSED,
    XLSX,
    attachment,
    attempt,
    form_errors,
    is_missing,
    page_number,
    press,
    show_form,
    whole_numbers,
)
from gongkai.kernel.accounts.pages import found_view as disclosure_view

__all__ = [
    "COLUMNS",
    "CONFLICT",
    "DOCX",
    "ITEMS",
    "NOT_FOUND",
    "REFUSED",
    "XLSX",
    "attachment",
    "attempt",
    "disclosure_view",
    "form_errors",
    "is_missing",
    "page_number",
    "press",
    "show_form",
    "whole_numbers",
]

ITEMS = {"label": "公开信息", "url": reverse_lazy("disclosure:staff:item_list")}
COLUMNS = {"label": "公开栏目", "url": reverse_lazy("disclosure:staff:column_list")}

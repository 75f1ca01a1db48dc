"""Pasting a holiday notice."""

from __future__ import annotations

from django import forms

LONGEST = 50_000  # characters; a notice has some fifteen hundred


class NoticeForm(forms.Form):
    """The full text of the State Council's notice."""

    text = forms.CharField(
        label="通知全文",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="从中国政府网复制国务院办公厅节假日安排通知全文，连同标题、发文字号和落款一起粘贴。",
    )

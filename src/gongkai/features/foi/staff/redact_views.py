"""Taking out of a record what may not be disclosed: words wherever they stand, and parts of pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from gongkai.domain.redaction.marks import Mark, Region, Term
from gongkai.features.foi import services
from gongkai.features.foi.selectors.papers import Redactable, redactable
from gongkai.kernel.accounts.pages import REFUSED, attempt, found_view

PARTS = 5  # page and four sides


class RedactForm(forms.Form):
    """Words and regions, each on a line, all on one ground; another ground is another round on the copy."""

    terms = forms.CharField(
        label="要去掉的词语",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="每行一个。它在文件里出现的每一处都会去掉，跨行、全角、中间有空格的也算。",
    )
    regions = forms.CharField(
        label="要涂掉的区域（只用于 PDF）",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一个：页码 左 上 右 下，后四个是占页面的百分比，例如 2 10 30 60 40。",
    )
    ground = forms.ChoiceField(label="依据")
    reason = forms.CharField(label="理由", max_length=200, help_text="写明为什么不予公开；不要重复要去掉的内容。")
    seen = forms.CharField(
        label="已人工查看的图片页",
        required=False,
        max_length=2000,
        help_text="扫描页没有可读文字时，由人逐页看过、确认不含这些词语后，把页码写在这里，用空格分开。",
    )
    drop_pictures = forms.BooleanField(label="去掉文件里的全部图片（只用于 Word）", required=False)

    def __init__(self, subject: Redactable, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [("", "请选择"), *subject.grounds]
        self.fields["terms"].initial = "\n".join(subject.proposed)

    def clean_regions(self) -> list[Region]:
        """Read the lines of regions; every line that cannot be read is told."""
        found, wrong = [], []
        for number, line in enumerate(self.cleaned_data["regions"].splitlines(), start=1):
            words = line.replace(",", " ").replace("，", " ").replace("%", " ").split()
            if not words:
                continue
            try:
                page, *sides = int(words[0]), *(float(word) / 100 for word in words[1:])
            except ValueError:
                page, sides = 0, []
            if len(words) == PARTS and len(sides) == PARTS - 1:
                found.append(Region(page, *sides))
            else:
                wrong.append(f"第 {number} 行“{line.strip()[:40]}”看不懂，请写成：页码 左 上 右 下。")
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def clean_seen(self) -> frozenset[int]:
        """Read the numbers of pages."""
        words = self.cleaned_data["seen"].replace("，", " ").replace(",", " ").split()
        if any(not word.isascii() or not word.isdigit() or len(word) > 5 for word in words):
            raise forms.ValidationError("页码请写数字，用空格分开。")
        return frozenset(int(word) for word in words)

    def marks(self) -> list[Mark]:
        """Return what is to be removed."""
        ground, reason = self.cleaned_data["ground"], self.cleaned_data["reason"].strip()
        terms = dict.fromkeys(line.strip() for line in self.cleaned_data["terms"].splitlines() if line.strip())
        words = [Mark(Term(term), ground, reason) for term in terms]
        return [*words, *(Mark(region, ground, reason) for region in self.cleaned_data["regions"])]


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
@found_view
def redact(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Ask what goes, then give the copy and the list of what went."""
    today = timezone.localdate()
    subject = redactable(actor=request.actor, paper_id=paper_id, today=today)
    form = RedactForm(subject, request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.paper_redact(
                actor=request.actor,
                paper_id=paper_id,
                marks=form.marks(),
                seen_pages=form.cleaned_data["seen"],
                keep_pictures=not form.cleaned_data["drop_pictures"],
                now=timezone.now(),
            ),
        )
        if done is not None:
            messages.success(request, "已生成区分处理后的副本和遮盖清单。提供前请打开副本再看一遍。")
            return redirect("foi:staff:case", subject.application_id)
    context = {
        "page_title": f"区分处理：{subject.title}",
        "breadcrumbs": [
            {"label": "依申请公开", "url": reverse("foi:staff:board")},
            {"label": subject.register_no, "url": reverse("foi:staff:case", args=[subject.application_id])},
            {"label": "区分处理", "url": ""},
        ],
        "form": form,
        "subject": subject,
    }
    response = render(
        request, "foi/staff/redact.html", context, status=REFUSED if form.is_bound and form.errors else 200
    )
    response["Cache-Control"] = "no-store"
    return response

"""What is to be taken out of a record: rows of words and of parts of pages, each with its own ground, or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from gongkai.domain.redaction.marks import MOST_MARKS, Mark, Region, Term
from gongkai.features.foi.selectors.papers import Redactable

PARTS = 5  # page and four sides
SIDES = ("left", "top", "right", "bottom")
BLANK_ROWS = 2


class RowForm(forms.Form):
    """What each row says besides what it marks: on which ground, and why. Empty takes the common one."""

    ground = forms.ChoiceField(label="依据", required=False)
    reason = forms.CharField(label="理由", required=False, max_length=200)

    def __init__(self, *args: Any, grounds: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [("", "同上面的依据"), *grounds]
        self.order_fields([name for name in self.fields if name not in ("ground", "reason")])


class TermRow(RowForm):
    """A word that goes wherever it stands."""

    text = forms.CharField(label="词语", required=False, max_length=200)


class RegionRow(RowForm):
    """A part of a page; the sides are shares of the page in percent, as they are drawn."""

    page = forms.IntegerField(label="页码", required=False, min_value=1, max_value=9999)
    left = forms.FloatField(label="左%", required=False, min_value=0, max_value=100)
    top = forms.FloatField(label="上%", required=False, min_value=0, max_value=100)
    right = forms.FloatField(label="右%", required=False, min_value=0, max_value=100)
    bottom = forms.FloatField(label="下%", required=False, min_value=0, max_value=100)

    def clean(self) -> dict[str, Any]:
        """A row is empty or whole."""
        data = super().clean() or self.cleaned_data
        given = [name for name in ("page", *SIDES) if data.get(name) is not None]
        if given and len(given) < PARTS:
            raise forms.ValidationError("页码和四边都要填写，或者全部留空。")
        return data


TermRows = forms.formset_factory(TermRow, extra=BLANK_ROWS, max_num=MOST_MARKS, absolute_max=MOST_MARKS)
RegionRows = forms.formset_factory(RegionRow, extra=BLANK_ROWS, max_num=MOST_MARKS, absolute_max=MOST_MARKS)


class RedactForm(forms.Form):
    """The common ground and reason, and marks as lines of text; ``term_rows`` and ``region_rows`` are the single ones."""

    ground = forms.ChoiceField(label="依据", required=False)
    reason = forms.CharField(
        label="理由", max_length=200, required=False, help_text="写明为什么不予公开；不要重复要去掉的内容。"
    )
    terms = forms.CharField(
        label="一次写很多个词语",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="每行一个，都用上面的依据和理由。",
    )
    regions = forms.CharField(
        label="一次写很多个区域（只用于 PDF）",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一个：页码 左 上 右 下，后四个是占页面的百分比，例如 2 10 30 60 40。",
    )
    seen = forms.CharField(
        label="已人工查看的图片页",
        required=False,
        max_length=2000,
        help_text="扫描页没有可读文字时，由人逐页看过、确认不含这些词语后，把页码写在这里，用空格分开。",
    )
    drop_pictures = forms.BooleanField(label="去掉文件里的全部图片（只用于 Word）", required=False)

    def __init__(self, subject: Redactable, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["ground"].choices = [("", "请选择"), *subject.grounds]
        kept = {"form_kwargs": {"grounds": subject.grounds}}
        proposed = [{"text": term} for term in subject.proposed]
        self.term_rows = TermRows(_rows(data, "term"), prefix="term", initial=proposed, **kept)
        self.region_rows = RegionRows(_rows(data, "region"), prefix="region", **kept)

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

    def clean(self) -> dict[str, Any]:
        """Look at the rows, too; the common ground and reason are asked for where a mark has none of its own."""
        data = super().clean() or self.cleaned_data
        for rows, what in ((self.term_rows, "词语"), (self.region_rows, "区域")):
            if rows.is_bound and not rows.is_valid():
                for number, errors in enumerate(rows.errors, start=1):
                    for name, words in errors.items():
                        label = rows.forms[number - 1].fields[name].label if name != "__all__" else ""
                        self.add_error(None, [f"第 {number} 个{what}：{label}{one}" for one in words])
                self.add_error(None, list(rows.non_form_errors()))
        if not self.errors:
            drafts = self._drafts()
            lines = bool(data["terms"].strip() or data["regions"])
            if not data["ground"] and (lines or not drafts or any(not ground for _, ground, _ in drafts)):
                self.add_error("ground", "请选择一项。")
            if not data["reason"].strip() and (lines or not drafts or any(not reason for _, _, reason in drafts)):
                self.add_error("reason", "请填写这一项。")
        return data

    def _drafts(self) -> list[tuple[Region | Term, str, str]]:
        """The rows that mark something, with their own ground and reason."""
        found: list[tuple[Region | Term, str, str]] = []
        for row in self.term_rows.forms if self.term_rows.is_bound else ():
            text = row.cleaned_data.get("text", "").strip()
            if text:
                found.append((Term(text), row.cleaned_data["ground"], row.cleaned_data["reason"].strip()))
        for row in self.region_rows.forms if self.region_rows.is_bound else ():
            if row.cleaned_data.get("page") is not None:
                sides = [row.cleaned_data[name] / 100 for name in SIDES]
                region = Region(row.cleaned_data["page"], *sides)
                found.append((region, row.cleaned_data["ground"], row.cleaned_data["reason"].strip()))
        return found

    def marks(self) -> list[Mark]:
        """Return what is to be removed; call it on a valid form."""
        ground, reason = self.cleaned_data["ground"], self.cleaned_data["reason"].strip()
        rows = [Mark(what, own or ground, why or reason) for what, own, why in self._drafts()]
        known = {mark.what for mark in rows}
        terms = dict.fromkeys(line.strip() for line in self.cleaned_data["terms"].splitlines() if line.strip())
        lines = [Mark(Term(term), ground, reason) for term in terms if Term(term) not in known]
        return [*rows, *lines, *(Mark(region, ground, reason) for region in self.cleaned_data["regions"])]


def _rows(data: Mapping[str, Any] | None, prefix: str) -> Mapping[str, Any] | None:
    """The data for a set of rows, None where the rows were not sent."""
    return data if data is not None and f"{prefix}-TOTAL_FORMS" in data else None

"""Forms of documents handed in: the upload, the fields to confirm, the import of many."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.staff.edit_options import Options, kind_choices
from gongkai.features.disclosure.staff.fields import DateField, LinesField, PickField, WordsField, unit_ref
from gongkai.features.disclosure.staff.item_forms import LATER, AttributeFields

SUBJECT_LIST = "subject-list"
KIND_BY_WORD = {
    "公告": "announcement",
    "通告": "announcement",
    "公示": "announcement",
    "规划": "plan",
    "计划": "plan",
    "预案": "emergency_plan",
    "应急预案": "emergency_plan",
    "解读": "interpretation",
    "答复": "proposal_answer",
    "预算": "budget",
    "决算": "final_accounts",
    "年报": "annual_report",
}
"""Which kind of item a kind of document usually is; other documents with a number are notices or policies."""


class ManyFilesInput(forms.FileInput):
    """A box for several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files; gives a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Look at each file; the form's own check knows one only."""
        files = [file for file in data or [] if file is not None] if isinstance(data, (list, tuple)) else [data]
        files = [file for file in files if file]
        if not files and self.required:
            raise forms.ValidationError("请选择要上传的文件。")
        return files


class UploadForm(forms.Form):
    """Documents for a unit."""

    unit = forms.TypedChoiceField(label="所属单位", coerce=int)
    files = ManyFilesField(label="文件", help_text="可以一次选择多个文件，也可以把文件拖到这里。")

    def __init__(self, *args: Any, units: list[tuple[int, str]], limit_mb: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units if len(units) == 1 else [("", "请选择"), *units]
        self.fields["files"].help_text += f"单个文件不超过 {limit_mb} MB。"
        self.fields["files"].widget.attrs["data-gk-drop"] = ""


class ConfirmForm(AttributeFields):
    """The fields of a document as a person confirms them; the attribute comes first of all."""

    may_wait = True
    kind = forms.ChoiceField(label="信息种类")
    title = forms.CharField(label="标题", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    doc_no = forms.CharField(label="文号", max_length=100, required=False)
    issuers = LinesField(
        label="发布机构",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="联合发文的一行一个，第一行是牵头单位；不填就是所属单位。",
    )
    written_on = DateField(label="成文日期", required=False)
    issued_on = DateField(label="印发日期", required=False)
    effective_on = DateField(label="施行日期", required=False)
    expires_on = DateField(label="有效期至", required=False)
    subject = PickField(label="主题分类", required=False, list_id=SUBJECT_LIST, what="主题分类")
    keywords = WordsField(label="关键词", required=False, max_length=500)
    column = forms.ChoiceField(label="栏目", required=False)
    keep_file = forms.BooleanField(label="原文件作为附件保留", required=False, initial=True)
    access_limited = forms.BooleanField(
        label="限制知悉范围", required=False, help_text="发布以前只有起草人、本单位公开机构、审核人和指定的人能看到。"
    )
    accept_duplicate = forms.BooleanField(label="已有相同的信息，仍然新建", required=False)

    def __init__(self, *args: Any, options: Options, duplicates: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        self.fields["kind"].choices = [("", "请选择"), *kind_choices()]
        self.fields["subject"].offer(options.subjects)  # type: ignore[attr-defined]
        self.fields["column"].choices = [("", "按信息种类的默认栏目"), *options.flat_columns()]
        if not duplicates:
            del self.fields["accept_duplicate"]

    def content(self, body: list[dict[str, Any]]) -> ItemContent:
        """Return the content that was confirmed, with the body as it was read."""
        data = self.cleaned_data
        units = [unit_ref(name, self.options.unit_ids) for name in data["issuers"]]
        return ItemContent(
            kind=data["kind"],
            title=" ".join(data["title"].split()),
            body=tuple(body),
            issuer=units[0] if units else None,
            joint=tuple(units[1:]),
            doc_no=data["doc_no"],
            written_on=data["written_on"],
            issued_on=data["issued_on"],
            effective_on=data["effective_on"],
            expires_on=data["expires_on"],
            subject=data["subject"],
            keywords=data["keywords"],
            columns=(data["column"],) if data["column"] else (),
        )


def initial_of(proposals: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the form starts with: the best proposal of each field; the attribute only where the document says it."""
    best: dict[str, Any] = {}
    sure: dict[str, bool] = {}
    for proposal in proposals:
        if proposal["field"] not in best:
            best[proposal["field"]] = proposal["value"]
            sure[proposal["field"]] = proposal["confidence"] == "stated"
    initial: dict[str, Any] = {
        "title": best.get("title", ""),
        "doc_no": best.get("doc_no", ""),
        "issuers": "\n".join(best.get("issuers", [])),
        "keywords": "、".join(best.get("keywords", [])),
        "kind": _kind(best),
        "keep_file": True,
        "attribute": best.get("attribute", LATER) if sure.get("attribute") else LATER,
    }
    for name in ("written_on", "issued_on", "effective_on", "expires_on"):
        initial[name] = date.fromisoformat(best[name]) if name in best else None
    return initial


def _kind(best: dict[str, Any]) -> str:
    if "normative" in best:
        return "normative_document"
    return KIND_BY_WORD.get(best.get("document_kind", ""), "notice" if best.get("document_kind") == "通知" else "")


class BatchForm(forms.Form):
    """An import of many documents."""

    unit = forms.TypedChoiceField(label="所属单位", coerce=int)
    kind = forms.ChoiceField(label="信息种类", help_text="清单里没有写种类的，按这里选的种类。")
    archive = forms.FileField(
        label="压缩包（ZIP）", required=False, help_text="每个文件建一条草稿；同时上传清单的，按清单建。"
    )
    sheet = forms.FileField(label="清单（XLSX）", required=False)
    history = forms.BooleanField(
        label="是历史信息",
        required=False,
        help_text="以前在别处发布过的信息：保留原来的日期，同样先建成草稿，审核通过后才能发布。",
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], limit_mb: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units if len(units) == 1 else [("", "请选择"), *units]
        self.fields["kind"].choices = [("", "请选择"), *kind_choices()]
        self.fields["archive"].help_text += f"不超过 {limit_mb} MB。"
        for name in ("archive", "sheet"):
            self.fields[name].widget.attrs["data-gk-drop"] = ""

    def clean(self) -> dict[str, Any]:
        """Ask for at least one of the two files."""
        data = super().clean() or {}
        if not self.errors and not data.get("archive") and not data.get("sheet"):
            self.add_error("archive", "请选择 ZIP 压缩包，或填好的 XLSX 清单。")
        return data

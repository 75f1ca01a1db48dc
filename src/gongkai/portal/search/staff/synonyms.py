"""Synonyms: list, one group, a list of groups as a file, ending a group."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.search import clean
from gongkai.domain.wording.word_rows import split_phrases
from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.documents import write_table_xlsx
from gongkai.portal.search import lists, permissions
from gongkai.portal.search.services import keeping
from gongkai.portal.search.staff.pages import PER_PAGE, SEARCH, need_keeper, press, show_form, tabs, try_change
from gongkai.rulebook.search import shipped_synonyms

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 5 * 1024 * 1024
MOST_SHOWN = 200
LIST = "search:staff:synonym_list"
CRUMB = {"label": "同义词", "url": "/admin/site-search/synonyms/"}


class SynonymForm(forms.Form):
    """Words that mean the same."""

    words = forms.CharField(
        label="同义的词",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一个，或用顿号分开，如：公积金、住房公积金。查其中一个，其他的也会查到。",
    )


class SynonymFilterForm(forms.Form):
    """What the list may be narrowed by."""

    q = forms.CharField(label="词", required=False, max_length=30)
    ended = forms.ChoiceField(label="状态", required=False, choices=[("", "在用"), ("1", "已停用")])


class SynonymFileForm(forms.Form):
    """A list of groups as a file."""

    file = forms.FileField(label="同义词表", help_text="XLSX、CSV 或 TXT，一行一组，词与词之间用顿号分开或各占一格。")


@require_GET
@staff_view
def synonym_list(request: HttpRequest) -> HttpResponse:
    """Show the office's groups, and those that come with the software."""
    form = SynonymFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    text, ended = clean(wanted.get("q") or "", longest=30), wanted.get("ended") == "1"
    page = Paginator(lists.synonym_list(actor=request.actor, text=text, ended=ended), PER_PAGE)
    context = {
        "page_title": "检索同义词",
        "tabs": tabs(LIST),
        "page": page.get_page(request.GET.get("page")),
        "form": form,
        "text": text,
        "ended": ended,
        "shipped": [group for group in shipped_synonyms() if not text or any(text in word for word in group)],
        "may_keep": permissions.can_keep_search(request.actor),
    }
    return render(request, "search/staff/synonym_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_view
def synonym_add(request: HttpRequest) -> HttpResponse:
    """Add one group."""
    need_keeper(request.actor, "新增同义词")
    form = SynonymForm(request.POST or None, initial={"words": clean(request.GET.get("words", ""), longest=60)})
    if form.is_valid():
        words = split_phrases(form.cleaned_data["words"])
        group = try_change(form, lambda: keeping.synonyms_add(actor=request.actor, words=words, now=timezone.now()))
        if group is not None:
            messages.success(request, f"已加入同义词“{group}”，半分钟内生效。")
            return redirect(LIST)
    crumbs = [SEARCH, CRUMB, {"label": "新增", "url": ""}]
    return show_form(request, "search/staff/form.html", form, page_title="新增同义词", breadcrumbs=crumbs)


@require_http_methods(["GET", "POST"])
@staff_view
def synonym_import(request: HttpRequest) -> HttpResponse:
    """Take in a file of groups and tell every row that could not be taken."""
    need_keeper(request.actor, "导入同义词")
    form = SynonymFileForm(request.POST or None, request.FILES or None)
    report = None
    if form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > LARGEST:
            form.add_error("file", f"文件有 {upload.size // 1024 // 1024} MB，最多 {LARGEST // 1024 // 1024} MB。")
        else:
            data = upload.read()
            report = try_change(
                form,
                lambda: keeping.synonyms_import(actor=request.actor, data=data, name=upload.name, now=timezone.now()),
            )
    return show_form(
        request,
        "search/staff/synonym_import.html",
        form,
        page_title="导入同义词",
        breadcrumbs=[SEARCH, CRUMB, {"label": "导入", "url": ""}],
        report=report,
        issues=report.issues[:MOST_SHOWN] if report else (),
    )


@require_GET
@staff_view
def synonym_template(request: HttpRequest) -> HttpResponse:
    """Give a list with sample rows in the form that the import understands."""
    rows = [["公积金", "住房公积金", ""], ["医保", "医疗保险", ""]]
    data = write_table_xlsx([keeping.HEADER, "同义的词", "同义的词"], rows, sheet="同义词")
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, "同义词样表.xlsx") or "attachment"
    return response


@require_POST
@staff_view
def synonym_end(request: HttpRequest, group_id: int) -> HttpResponse:
    """Stop using a group."""
    return press(
        request,
        lambda: keeping.synonyms_end(actor=request.actor, group_id=group_id, now=timezone.now()),
        "已停用，半分钟内生效。",
        LIST,
    )

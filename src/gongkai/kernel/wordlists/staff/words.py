"""The lexicon: list with search, one word, a list of words as a file, ending a word."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.wording import Grade
from gongkai.domain.wording.word_rows import COLUMNS
from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.documents import write_table_xlsx
from gongkai.kernel.wordlists import permissions, selectors, services
from gongkai.kernel.wordlists.staff.forms import ImportForm, WordFilterForm, WordForm
from gongkai.kernel.wordlists.staff.pages import PER_PAGE, WORDS, need_keeper, press, show_form, tabs, try_change

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 20 * 1024 * 1024
MOST_SHOWN = 200
SAMPLE = ("帐号", "账号", "L3", "一般错别字", "", "", "", "样例行，可删去")


@require_GET
@staff_view
def word_list(request: HttpRequest) -> HttpResponse:
    """Show the words in use, or those that were ended."""
    form = WordFilterForm(request.GET, on=timezone.localdate())
    wanted = form.cleaned_data if form.is_valid() else {}
    filters = selectors.WordFilters(**wanted)
    found = selectors.word_list(actor=request.actor, filters=filters)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": "错敏词",
        "tabs": tabs("wordlists:staff:word_list"),
        "form": form,
        "page": page,
        "rows": [(entry, _may_end(request, entry)) for entry in page],
        "counts": selectors.word_counts(actor=request.actor),
        "narrowed": any(wanted.values()),
        "may_keep": permissions.keeps_any(request.actor),
    }
    return render(request, "wordlists/staff/word_list.html", context)


def _may_end(request: HttpRequest, entry: Any) -> bool:
    return entry.ended_at is None and permissions.can_keep_words(request.actor, entry.unit_id)


@require_http_methods(["GET", "POST"])
@staff_view
def word_add(request: HttpRequest) -> HttpResponse:
    """Add one word."""
    need_keeper(request.actor, "新增错敏词")
    form = WordForm(request.POST or None, actor=request.actor, on=timezone.localdate())
    if form.is_valid():
        data = form.cleaned_data
        entry = try_change(
            form,
            lambda: services.word_add(
                actor=request.actor,
                wrong=data["wrong"],
                right=data["right"],
                grade=Grade(data["grade"]),
                category=data["category"],
                exceptions=data["exceptions"],
                unit_id=form.unit_id(),
                from_on=data["from_on"],
                until_on=data["until_on"],
                note=data["note"],
                now=timezone.now(),
            ),
        )
        if entry is not None:
            messages.success(request, f"已加入错敏词“{entry.wrong}”。")
            return redirect("wordlists:staff:word_list")
    return show_form(
        request,
        "wordlists/staff/form.html",
        form,
        page_title="新增错敏词",
        breadcrumbs=[WORDS, {"label": "新增", "url": ""}],
    )


@require_http_methods(["GET", "POST"])
@staff_view
def word_import(request: HttpRequest) -> HttpResponse:
    """Take in a file of words and tell every row that could not be taken."""
    need_keeper(request.actor, "导入错敏词")
    form = ImportForm(request.POST or None, request.FILES or None, actor=request.actor, on=timezone.localdate())
    report = None
    if form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > LARGEST:
            form.add_error("file", f"文件有 {upload.size // 1024 // 1024} MB，最多 {LARGEST // 1024 // 1024} MB。")
        else:
            report = try_change(
                form,
                lambda: services.words_import(
                    actor=request.actor,
                    data=upload.read(),
                    name=upload.name,
                    unit_id=form.unit_id(),
                    now=timezone.now(),
                ),
            )
    return show_form(
        request,
        "wordlists/staff/word_import.html",
        form,
        page_title="导入错敏词",
        breadcrumbs=[WORDS, {"label": "导入", "url": ""}],
        report=report,
        issues=report.issues[:MOST_SHOWN] if report else (),
        more=max(len(report.issues) - MOST_SHOWN, 0) if report else 0,
    )


@require_GET
@staff_view
def word_template(request: HttpRequest) -> HttpResponse:
    """Give an empty list with the headers that the import understands."""
    data = write_table_xlsx(list(COLUMNS), [list(SAMPLE)], sheet="错敏词")
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, "错敏词样表.xlsx") or "attachment"
    return response


@require_POST
@staff_view
def word_end(request: HttpRequest, word_id: int) -> HttpResponse:
    """Stop using a word."""
    return press(
        request,
        lambda: services.word_end(actor=request.actor, word_id=word_id, now=timezone.now()),
        "已停用。",
        "wordlists:staff:word_list",
    )

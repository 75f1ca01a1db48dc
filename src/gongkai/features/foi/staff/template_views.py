"""The templates of letters of an office: which one is in use, a look at it, its versions, and changing it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.foi.letters import REMEDY, FieldKind, LetterForm
from gongkai.features.foi import permissions, services
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.letter_rules import letter_form
from gongkai.features.foi.selectors.office import office_get
from gongkai.features.foi.selectors.templates import (
    DIRECTION_NAMES,
    template_in_use,
    template_rows,
    template_sample,
    template_shipped,
    template_version,
    template_versions,
)
from gongkai.features.foi.services.letters import own_template
from gongkai.features.foi.staff.office_views import office_crumbs
from gongkai.kernel.accounts.pages import DOCX, attachment, attempt, found_view, press, show_form
from gongkai.kernel.errors import Refused
from gongkai.kernel.letters import letter_html
from gongkai.rulebook.messages import describe


class TemplateForm(forms.Form):
    """A Word file to be used as template."""

    upload = forms.FileField(
        label="模板文件",
        help_text="Word 文档（.docx），不超过 2 兆。最好下载随系统模板，在它上面修改。",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
    note = forms.CharField(label="说明", required=False, max_length=200, help_text="如改了什么、为什么。")


@require_GET
@found_view
def template_list(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show every letter with the template that is in use."""
    today = timezone.localdate()
    office = office_get(actor=request.actor, unit_id=unit_id, on=today)
    rows = template_rows(unit_id=unit_id, on=today)
    context = {
        "page_title": f"文书模板：{office.unit.name}",
        "breadcrumbs": office_crumbs(office, "文书模板"),
        "office": office,
        "rows": rows,
        "own": sum(1 for row in rows if row.in_use is not None),
    }
    return render(request, "foi/staff/templates.html", context)


@require_http_methods(["GET", "POST"])
@found_view
def template(request: HttpRequest, unit_id: int, code: str) -> HttpResponse:
    """Show one letter's template as it looks, its versions, and take another one."""
    today = timezone.localdate()
    office = office_get(actor=request.actor, unit_id=unit_id, on=today)
    letter = _letter(code)
    may = permissions.can_set_up(request.actor, unit_id)
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        taken = attempt(
            form,
            lambda: services.template_upload(
                actor=request.actor,
                unit_id=unit_id,
                code=code,
                upload=data["upload"],
                note=data["note"],
                now=timezone.now(),
            ),
        )
        if taken is not None:
            messages.success(request, f"《{letter.title}》已改用这份模板（第{taken.number}版）。")
            return redirect("foi:staff:template", unit_id, code)
    in_use = template_in_use(unit_id=unit_id, code=code)
    asked = request.GET.get("version", "")
    shown = in_use
    if asked.isascii() and asked.isdigit() and len(asked) < 6:
        shown = template_version(unit_id=unit_id, code=code, number=int(asked))
    elif asked == "shipped":
        shown = None
    _, outdated = own_template(unit_id=unit_id, form=letter, on=today)
    return show_form(
        request,
        "foi/staff/template.html",
        form,
        page_title=f"文书模板：{letter.title}",
        breadcrumbs=[*office_crumbs(office, "文书模板")[:2], _up(office.unit.pk), {"label": letter.title, "url": ""}],
        office=office,
        letter=letter,
        goes=DIRECTION_NAMES[letter.direction],
        in_use=in_use,
        shown=shown,
        look=_look(letter, shown, today),
        outdated=[describe(issue) for issue in outdated],
        versions=template_versions(unit_id=unit_id, code=code),
        places=_places(letter),
        may=may,
    )


def _up(unit_id: int) -> dict[str, str]:
    return {"label": "文书模板", "url": reverse("foi:staff:template_list", args=[unit_id])}


def _letter(code: str) -> LetterForm:
    letter = letter_form(code=code, on=timezone.localdate())
    if letter is None:
        raise NotFound("文书")
    return letter


def _look(letter: LetterForm, shown: Any, today: Any) -> str:
    try:
        return mark_safe(letter_html(template_sample(form=letter, template=shown, on=today)))
    except Refused:
        return ""


def _places(letter: LetterForm) -> list[tuple[str, str, bool]]:
    """How the places of a letter are written: label, words of the template, whether it must be there."""
    rows = []
    for code in letter.known:
        kind = letter.fields[code].kind
        listed = code == REMEDY or kind in (FieldKind.LINES, FieldKind.PARTS)
        inner = "{{ item.part }} {{ item.reason }} {{ item.article }}" if kind is FieldKind.PARTS else "{{ item }}"
        words = f"{{%p for item in {code} %}} {inner} {{%p endfor %}}" if listed else f"{{{{ {code} }}}}"
        rows.append((letter.fields[code].label, words, code in letter.printed))
    return sorted(rows, key=lambda row: not row[2])


@require_POST
@found_view
def template_use(request: HttpRequest, unit_id: int, code: str) -> HttpResponse:
    """Use an earlier version again, or the shipped template."""
    asked = request.POST.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
    return press(
        request,
        lambda: services.template_use(
            actor=request.actor, unit_id=unit_id, code=code, number=number, now=timezone.now()
        ),
        "已更换模板。" if number is not None else "已恢复随系统模板。",
        "foi:staff:template",
        unit_id,
        code,
    )


@require_GET
@found_view
def template_file(request: HttpRequest, unit_id: int, code: str) -> HttpResponse:
    """Hand out the shipped template, to be changed in a word processor."""
    office_get(actor=request.actor, unit_id=unit_id, on=timezone.localdate())
    letter = _letter(code)
    return attachment(template_shipped(form=letter), f"{letter.title}（模板）.docx", DOCX)


@require_GET
@found_view
def template_look(request: HttpRequest, unit_id: int, code: str) -> HttpResponse:
    """Hand out a letter filled with sample values from the template in use."""
    today = timezone.localdate()
    office_get(actor=request.actor, unit_id=unit_id, on=today)
    letter = _letter(code)
    in_use = template_in_use(unit_id=unit_id, code=code)
    data = template_sample(form=letter, template=in_use, on=today)
    return attachment(data, f"{letter.title}（样例）.docx", DOCX)

"""The components as template tags; loaded everywhere without ``{% load %}``.

Every tag that draws is one template under ``design/components/``; ``/design/`` shows each of them with sample data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gongkai.design.charts import BarChart, ShareChart
from gongkai.design.problems import form_problems, problems
from gongkai.design.qr import qr_square
from gongkai.domain.issues import Issue
from gongkai.domain.site import SiteFacts, column_page, page_tags
from gongkai.rulebook.site import meta_rules

register = template.Library()

LIGHTS = {"red": "逾期", "yellow": "临期", "green": "正常", "blue": "已办结", "grey": "未起算"}
# The lights of the ledger by name, so that a row's light can be handed over as it is.
LIGHT_TONES = {
    "overdue": "red",
    "near": "yellow",
    "on_track": "green",
    "standing": "green",
    "done": "blue",
    "no_date": "grey",
    "canceled": "grey",
}
ALERT_TONES = {"error": "red", "warning": "yellow", "success": "green", "info": "blue", "debug": "grey"}


@register.simple_tag
def gk_icon(name: str, label: str = "") -> SafeString:
    """Draw one icon of the sprite; decorative unless it has a label."""
    return _icon(static("design/icons.svg"), name, label)


@lru_cache(maxsize=500)
def _icon(sprite: str, name: str, label: str) -> SafeString:
    href = f"{sprite}#{name}"
    if label:
        markup = '<svg class="gk-icon" role="img" aria-label="{}" focusable="false"><use href="{}"></use></svg>'
        return format_html(markup, label, href)
    return format_html('<svg class="gk-icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


class KeptNode(template.Node):
    """A piece of a page that is drawn once for the same values."""

    def __init__(self, nodelist: template.NodeList, values: list[template.base.FilterExpression]) -> None:
        self.nodelist = nodelist
        self.values = values

    def render(self, context: Context) -> SafeString:
        """Return the piece as it was drawn for these values, or draw it."""
        pieces = context.get("gk_pieces")
        if not isinstance(pieces, dict):  # a name that an include hands on without having it is an empty text
            return self.nodelist.render(context)
        key = tuple(value.resolve(context) for value in self.values)
        try:
            found: SafeString | None = pieces.get(key)
        except TypeError:  # a value that can change: nothing is kept by it
            return self.nodelist.render(context)
        if found is None:
            found = pieces[key] = self.nodelist.render(context)
        return found


@register.tag
def gk_kept(parser: template.base.Parser, token: template.base.Token) -> KeptNode:
    """Draw what stands between the tags once for the same values: ``{% gk_kept "row" row %}…{% endgk_kept %}``.

    The values name everything that the piece depends on, and its own name comes first. Where ``gk_pieces`` (a dict) is
    not in the context, as on pages that are drawn for one reader, it is drawn each time.
    """
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endgk_kept",))
    parser.delete_first_token()
    return KeptNode(nodelist, values)


@register.inclusion_tag("design/components/qr.html")
def gk_qr(address: str, label: str = "二维码") -> dict[str, Any]:
    """Draw the square that a telephone reads an address from."""
    return {"square": qr_square(address), "label": label}


@register.simple_tag
def gk_linked_data(data: Mapping[str, Any]) -> SafeString:
    """Write facts for machines (JSON-LD) into a page: a block of data, which no browser runs."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


@register.simple_tag(takes_context=True)
def gk_page_tags(context: Context) -> SafeString:
    """Write the tags of the page (网页标签) as ``gk_page`` tells; without it, as a page that stands for itself."""
    given = context.get("gk_site") or {}
    name = str(given.get("name", ""))
    page = context.get("gk_page")
    if page is None:
        title = str(context.get("page_title") or name)
        page = column_page(title, f"{name}：{title}")
    facts = SiteFacts(name, str(given.get("domain", "")), str(given.get("code", "")))
    tags = page_tags(meta_rules().pages[page.kind], site=facts, page=page)
    return format_html_join("\n  ", '<meta name="{}" content="{}">', tags)


@register.simple_tag
def gk_light(light: Any, label: str = "") -> SafeString:
    """Show a light: a shape of its own and words, never colour alone."""
    given = str(getattr(light, "value", light) or "grey")
    name = LIGHT_TONES.get(given, given if given in LIGHTS else "grey")
    return _light(static("design/icons.svg"), name, label or LIGHTS[name])


@lru_cache(maxsize=2000)
def _light(sprite: str, name: str, label: str) -> SafeString:
    """The same light stands in most rows of a list."""
    light = {"name": name, "label": label, "icon": _icon(sprite, f"gk-light-{name}", "")}
    return render_to_string("design/components/light.html", light)


@register.inclusion_tag("design/components/badge.html")
def gk_badge(text: str, tone: str = "grey", icon: str = "") -> dict[str, Any]:
    """Show a short word in a tone (``grey blue green yellow red accent``)."""
    return {"text": text, "tone": tone, "icon": icon}


@register.inclusion_tag("design/components/empty.html")
def gk_empty(
    title: str, text: str = "", url: str = "", action: str = "", icon: str = "gk-inbox", heading: int = 2
) -> dict[str, Any]:
    """Say that there is nothing here and what to do next."""
    return {"title": title, "text": text, "url": url, "action": action, "icon": icon, "heading": f"h{heading}"}


@register.inclusion_tag("design/components/progress.html")
def gk_progress(value: int, maximum: int, label: str = "完成进度") -> dict[str, Any]:
    """Show how much of a whole is done, as a bar and in numbers."""
    return {
        "value": value,
        "maximum": maximum,
        "label": label,
        "percent": round(100 * value / maximum) if maximum else 0,
    }


@register.inclusion_tag("design/components/stat.html")
def gk_stat(
    value: Any, label: str, tone: str = "", url: str = "", hint: str = "", icon: str = "", unit: str = ""
) -> dict[str, Any]:
    """Show one number with its name; the whole tile is a link when it has an address."""
    return {"value": value, "label": label, "tone": tone, "url": url, "hint": hint, "icon": icon, "unit": unit}


@register.inclusion_tag("design/components/messages.html", takes_context=True)
def gk_messages(context: Context) -> dict[str, Any]:
    """Show the messages of Django's messages framework, each in its tone."""
    shown = [
        {"text": message, "tone": ALERT_TONES.get(message.level_tag, "blue"), "urgent": message.level_tag == "error"}
        for message in context.get("messages") or ()
    ]
    return {"shown": shown}


@register.inclusion_tag("design/components/breadcrumbs.html")
def gk_breadcrumbs(items: Iterable[Any], label: str = "当前位置") -> dict[str, Any]:
    """Show the way here; items are ``{"label", "url"}`` or ``(label, url)``, the last one is where we are."""
    steps = [item if isinstance(item, Mapping) else {"label": item[0], "url": item[1]} for item in items]
    return {"items": steps, "label": label}


@register.inclusion_tag("design/components/pagination.html", takes_context=True)
def gk_pagination(context: Context, page: Page, parameter: str = "page", label: str = "分页") -> dict[str, Any]:
    """Show the pages of a list; every other parameter of the address stays as it is."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "page": page,
        "label": label,
        "links": [
            {
                "number": number,
                "url": gk_querystring(context, **{parameter: number}) if isinstance(number, int) else "",
                "current": number == page.number,
            }
            for number in numbers
        ],
        "previous": gk_querystring(context, **{parameter: page.number - 1}) if page.has_previous() else "",
        "next": gk_querystring(context, **{parameter: page.number + 1}) if page.has_next() else "",
    }


@register.simple_tag(takes_context=True)
def gk_querystring(context: Context, **changes: Any) -> str:
    """Return ``?…`` of this address with some parameters changed; None or an empty text removes one."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        elif isinstance(value, (list, tuple)):
            query.setlist(name, [str(one) for one in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("design/components/issues.html")
def gk_issues(
    issues: Iterable[Issue | str], title: str = "", id: str = "gk-issues", heading: int = 2, prefix: str = "id_"
) -> dict[str, Any]:
    """List domain issues (or plain sentences) as an error summary, each linked to its field, place and basis named."""
    listed = problems(issues, prefix=prefix)
    errors = sum(1 for problem in listed if problem.tone == "red")
    tone = "red" if errors else ("yellow" if any(problem.tone == "yellow" for problem in listed) else "blue")
    default = f"有 {errors} 个问题需要先处理" if errors else f"有 {len(listed)} 处请留意"
    return {"problems": listed, "title": title or default, "tone": tone, "id": id, "heading": f"h{heading}"}


@register.inclusion_tag("design/components/issues.html")
def gk_form_errors(form: BaseForm, title: str = "", focus: bool = True) -> dict[str, Any]:
    """Summarize what is wrong with a form, each line linked to its field; nothing when the form is fine."""
    listed = form_problems(form)
    return {
        "problems": listed,
        "title": title or f"有 {len(listed)} 处需要改正",
        "tone": "red",
        "id": "gk-form-errors",
        "focus": focus,
        "heading": "h2",
    }


@register.inclusion_tag("design/components/field.html")
def gk_field(field: BoundField, hint: str = "", label: str = "", optional: bool = True) -> dict[str, Any]:
    """Show one form field with its label, help and errors tied to it."""
    kind = getattr(field.field.widget, "input_type", None) or type(field.field.widget).__name__.lower()
    if getattr(field.field.widget, "allow_multiple_selected", False) and kind == "select":
        kind = "selectmultiple"
    grouped = field.use_fieldset
    choice = kind in {"checkbox", "radio"}
    name = "" if choice or grouped else ("gk-select" if kind == "select" else "gk-input")
    widget = field.as_widget(attrs={"class": f"{field.field.widget.attrs.get('class', '')} {name}".strip()})
    return {
        "field": field,
        "widget": widget,
        "label": label or field.label,
        "hint": hint or field.help_text,
        "kind": "group" if grouped else ("choice" if choice else "text"),
        "optional": optional and not field.field.required and not choice,
    }


@register.inclusion_tag("design/components/form.html")
def gk_form(form: BaseForm, focus: bool = True) -> dict[str, Any]:
    """Show the error summary and every field of a form, without the ``<form>`` element and its buttons."""
    return {"form": form, "focus": focus}


@register.inclusion_tag("design/components/bar_chart.html")
def gk_bar_chart(chart: BarChart | ShareChart, titled: bool = True) -> dict[str, Any]:
    """Draw a chart (``gongkai.design.charts``) with its numbers in a table beside it."""
    return {"chart": chart, "share": isinstance(chart, ShareChart), "titled": titled}


@register.simple_tag
def gk_date(value: date | datetime | None, time: bool = False, empty: str = "—") -> SafeString:
    """Write a day as 2024年7月19日, with hours and minutes when asked; local time for a moment."""
    if value is None or value == "":
        return format_html('<span class="gk-date gk-date--empty">{}</span>', empty)
    if not isinstance(value, datetime):
        return _day(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    words = f"{local.year}年{local.month}月{local.day}日" + (f" {local:%H:%M}" if time else "")
    return _time(local.isoformat(timespec="minutes"), words)


@lru_cache(maxsize=5000)
def _day(day: date) -> SafeString:
    """Lists name the same days again and again."""
    return _time(day.isoformat(), f"{day.year}年{day.month}月{day.day}日")


def _time(machine: str, words: str) -> SafeString:
    return format_html('<time class="gk-date" datetime="{}">{}</time>', machine, words)


@register.filter
def gk_percent(value: int, whole: int) -> int:
    """Return ``value`` as whole per cent of ``whole``; 0 of nothing."""
    return round(100 * int(value) / int(whole)) if whole else 0


@register.filter
def gk_minutes(span: timedelta) -> int:
    """Return a span of time in whole minutes, rounded up."""
    return -int(-span.total_seconds() // 60)

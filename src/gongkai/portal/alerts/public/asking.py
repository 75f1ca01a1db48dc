"""Saving a search and asking for the link to one's list. The answer is the same for every address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.domain.issues import Issue
from gongkai.domain.search import clean
from gongkai.domain.search.alerts import Frequency
from gongkai.domain.site import column_page
from gongkai.kernel.accounts.web import show_refusal
from gongkai.kernel.errors import Refused
from gongkai.portal.alerts.addresses import LONGEST, read_address
from gongkai.portal.alerts.selectors import email_ready
from gongkai.portal.alerts.services.asking import alert_ask, link_ask
from gongkai.portal.alerts.throttle import SECONDS, too_many
from gongkai.portal.search.asking import Filters
from gongkai.portal.search.facets import filter_words
from gongkai.portal.search.selectors import filters_of
from gongkai.rulebook.messages import describe

TOO_MANY = 429
TITLE = "有新结果时通知我"
ABOUT = "保存一次检索，有新公开的信息时用邮件通知"


class AddressForm(forms.Form):
    """An address. ``website`` is left alone by people, who do not see it; machines fill it in."""

    address = forms.CharField(
        label="您的邮箱",
        max_length=LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "请填写邮箱。", "max_length": f"邮箱最多 {LONGEST} 个字符，请检查。"},
    )
    website = forms.CharField(
        label="网址",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_address(self) -> str:
        """Tell at once what is no address, together with everything else."""
        found = read_address(self.cleaned_data["address"])
        if not found:
            raise forms.ValidationError(describe(Issue("alerts.address")))
        return found

    @property
    def by_machine(self) -> bool:
        """Tell whether the field that people do not see was filled in."""
        return bool(self.data.get(self.add_prefix("website")))


class SaveForm(AddressForm):
    """An address, how often, and that its owner agrees."""

    frequency = forms.ChoiceField(
        label="多久通知一次",
        choices=[(one.value, f"{one.label}（{one.hint}）") for one in Frequency],
        initial=Frequency.DAILY.value,
        widget=forms.RadioSelect,
        error_messages={"required": "请选多久通知一次。", "invalid_choice": "请选多久通知一次。"},
    )
    agree = forms.BooleanField(
        label="我同意用这个邮箱接收提醒",
        error_messages={"required": "请勾选同意，否则我们不能保存您的邮箱。"},
    )
    field_order = ("address", "frequency", "agree", "website")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Show the form for a search (``?q=`` and facets, as on the page of results) and take it in."""
    text, filters = clean(request.GET.get("q", "")), filters_of(request.GET)
    form = SaveForm(request.POST or None)

    def ask(data: dict[str, Any]) -> None:
        alert_ask(
            address=data["address"],
            text=text,
            filters=filters,
            frequency=Frequency(data["frequency"]),
            now=timezone.now(),
        )

    context = {
        "page_title": TITLE,
        "text": text,
        "words": filter_words(filters),
        "something": bool(text or filters.active),
        "days": settings.ALERT_CONFIRM_DAYS,
        **_links(request),
    }
    return _taken(request, form, ask, "alerts/public/save.html", context, back=_query(text, filters))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Send the link to one's list."""
    form = AddressForm(request.POST or None)

    def ask(data: dict[str, Any]) -> None:
        link_ask(address=data["address"], now=timezone.now())

    return _taken(request, form, ask, "alerts/public/link.html", {"page_title": "管理我的提醒"}, back="?link=1")


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say what happens next; the same for every address."""
    context = {
        "page_title": "请到邮箱查看",
        "for_link": "link" in request.GET,
        "days": settings.ALERT_CONFIRM_DAYS,
        **_links(request),
    }
    return render(request, "alerts/public/asked.html", {**context, **_frame(context["page_title"])})


def _taken(
    request: HttpRequest, form: AddressForm, ask: Any, template: str, context: dict[str, Any], *, back: str
) -> HttpResponse:
    status = 200
    if request.method == "POST" and too_many(request):
        form.is_valid()
        form.add_error(None, "您所在的网络提交的次数太多，请过十分钟再试。")
        status = TOO_MANY
    elif form.is_bound:
        status = 422
        if form.is_valid():
            try:
                if not form.by_machine:
                    ask(form.cleaned_data)
            except Refused as refused:
                show_refusal(form, refused)
            else:
                return redirect(reverse("alerts:public:asked") + back)
    shown = {**context, **_frame(context["page_title"]), "form": form, "ready": email_ready()}
    response = render(request, template, shown, status=status)
    if status == TOO_MANY:
        response["Retry-After"] = str(SECONDS)
    return response


def _query(text: str, filters: Filters) -> str:
    told = {"q": text, **filters.chosen}
    return f"?{urlencode({name: value for name, value in told.items() if value})}"


def _links(request: HttpRequest) -> dict[str, str]:
    """Where the search and its feed are."""
    query = _query(clean(request.GET.get("q", "")), filters_of(request.GET))
    return {
        "search_url": reverse("search:public:page") + query,
        "feed_url": reverse("search:public:feed") + query,
    }


def _frame(title: str) -> dict[str, object]:
    return {
        "gk_page": column_page(title, ABOUT, types=("互动交流",)),
        "breadcrumbs": [("首页", "/"), ("站内检索", reverse("search:public:page")), (title, "")],
    }

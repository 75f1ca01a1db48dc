"""The pages behind the links of the mails. Looking changes nothing, because programs look at links before people do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gongkai.domain.search.alerts import Frequency
from gongkai.domain.site import column_page
from gongkai.portal.alerts.letters import search_url
from gongkai.portal.alerts.selectors import LinkOver, alert_get, mine_get
from gongkai.portal.alerts.services.asking import alert_change, alert_confirm, alert_stop, alerts_stop
from gongkai.portal.alerts.tokens import Purpose, read, read_dated

GONE = 410
View = Callable[[HttpRequest, str], HttpResponse]


def _signed(view: View) -> View:
    """Answer 410 with a page where the link is over; never let a page with a token be kept or its address be passed on.

    The token in the address is all that is needed and nobody else knows it, so forms carry no other one and the pages
    work without a cookie; mail programs, which press the button by themselves (RFC 8058), have none.
    """

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def shown(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except LinkOver:
            response = _page(request, "over", "这个链接已经失效", status=GONE)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return shown


@_signed
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be confirmed with a button, and let it work when it is pressed."""
    uid = read(Purpose.CONFIRM, token)
    if request.method == "POST":
        search = alert_confirm(uid=uid, now=timezone.now())
        return _page(request, "confirmed", "提醒已经开启", search=search, search_url=search_url(search))
    search = alert_get(uid=uid)
    if search.confirmed:
        return _page(request, "confirmed", "提醒已经开启", search=search, search_url=search_url(search))
    return _page(request, "confirm", "确认接收提醒", search=search)


@_signed
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one saved search by one press, of our button or that of a mail program."""
    uid = read(Purpose.STOP, token)
    if uid is None:
        raise LinkOver
    if request.method == "POST":
        alert_stop(uid=uid)
        return _page(request, "stopped", "已经停止")
    try:
        return _page(request, "stop", "停止提醒", search=alert_get(uid=uid))
    except LinkOver:
        return _page(request, "stopped", "已经停止")


@_signed
def stop_all(request: HttpRequest, token: str) -> HttpResponse:
    """Stop everything and forget the address by one press (RFC 8058: mail programs press it without a cookie)."""
    uid = read(Purpose.STOP_ALL, token)
    if uid is None:
        raise LinkOver
    if request.method == "POST":
        alerts_stop(reader_uid=uid)
        return _page(request, "stopped", "已经全部停止")
    try:
        mine = mine_get(uid=uid)
    except LinkOver:
        return _page(request, "stopped", "已经全部停止")
    return _page(request, "stop", "停止全部提醒", mine=mine)


@_signed
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Show one's saved searches; change how often, stop one, stop all."""
    uid = read_dated(Purpose.MANAGE, token, today=timezone.localdate())
    if uid is None:
        raise LinkOver
    if request.method == "POST":
        return _pressed(request, token, uid)
    own = mine_get(uid=uid)
    rows = [(search, search_url(search)) for search in own.searches]
    return _page(request, "mine", "我的提醒", mine=own, rows=rows, frequencies=list(Frequency))


def _pressed(request: HttpRequest, token: str, reader_uid: UUID) -> HttpResponse:
    pressed = request.POST.get("do", "")
    if pressed == "stop_all":
        alerts_stop(reader_uid=reader_uid)
        return _page(request, "stopped", "已经全部停止")
    try:
        alert_uid = UUID(request.POST.get("alert", ""))
        frequency = Frequency(request.POST.get("frequency", "daily"))
    except ValueError as error:
        raise LinkOver from error
    if pressed == "stop":
        alert_stop(uid=alert_uid, reader_uid=reader_uid)
        try:
            mine_get(uid=reader_uid)
        except LinkOver:
            return _page(request, "stopped", "已经全部停止")
        messages.success(request, "这一项已经停止。")
    else:
        search = alert_change(reader_uid=reader_uid, uid=alert_uid, frequency=frequency, now=timezone.now())
        messages.success(request, f"{search.title}：已改为{frequency.label}。")
    return redirect(reverse("alerts:public:mine", args=[token]))


def _page(request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
    shown = {
        "page_title": title,
        "gk_page": column_page("检索提醒", "保存的检索和邮件提醒", types=("互动交流",)),
        "breadcrumbs": [("首页", "/"), ("站内检索", reverse("search:public:page")), (title, "")],
        **context,
    }
    return render(request, f"alerts/public/{template}.html", shown, status=status)

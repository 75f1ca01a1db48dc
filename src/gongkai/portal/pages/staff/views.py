"""Sites in the back office: which there are, what each says of itself, and what others share with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.features.disclosure.selectors.public_items import (
    PublicFilters,
    PublicItem,
    public_item_get,
    public_item_list,
)
from gongkai.kernel.accounts.web import show_refusal, staff_view
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.trees import unit_options
from gongkai.portal.pages import permissions, selectors
from gongkai.portal.pages.services import sharing, websites
from gongkai.portal.pages.services.sharing import LONGEST

LIST = {"label": "网站", "url": reverse_lazy("sites:staff:website_list")}
FOUND = 15
REFUSED = 422


class WebsiteForm(forms.Form):
    """What a site says of itself."""

    slug = forms.CharField(label="地址代号", max_length=40, help_text="网站的地址是 /sites/代号/，建立后不能改。")
    name = forms.CharField(label="网站名称", max_length=60, required=False)
    unit_id = forms.TypedChoiceField(label="所属政府", coerce=int, empty_value=None, required=False)
    hosts = forms.CharField(
        label="域名", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="每行一个，不带 https://。"
    )
    code = forms.CharField(label="网站标识码", max_length=20, required=False)
    icp = forms.CharField(label="ICP备案号", max_length=60, required=False)
    police = forms.CharField(label="公安备案号", max_length=60, required=False)
    host = forms.CharField(label="主办单位", max_length=100, required=False, help_text="空着时写所属政府的名称。")
    keeper = forms.CharField(label="承办单位", max_length=100, required=False)
    contact = forms.CharField(label="联系方式", max_length=200, required=False)
    errors_url = forms.CharField(label="“找错”网址", max_length=300, required=False)

    def __init__(self, *args: Any, new: bool, primary: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].choices = [("", "请选择"), *unit_options(on=timezone.localdate())]
        if not new:
            del self.fields["slug"]
        if primary:
            for name in ("code", "icp", "police", "host", "keeper", "contact", "errors_url", "name", "hosts"):
                del self.fields[name]
            self.fields["unit_id"].help_text = "不选时，主站显示没有自己网站的各单位的信息。"

    def arguments(self) -> dict[str, Any]:
        """Return what the services take."""
        given = dict(self.cleaned_data)
        facts = {name: given.pop(name, "") for name in websites.SiteFacts.__dataclass_fields__}
        given["hosts"] = given.get("hosts", "").split()
        return {"name": "", **given, "facts": websites.SiteFacts(**facts)}


@require_GET
@staff_view
def website_list(request: HttpRequest) -> HttpResponse:
    """List the sites whose pages the person may write, with what there is of them."""
    today = timezone.localdate()
    rows = selectors.website_list(actor=request.actor, on=today)
    manages = permissions.can_manage_websites(request.actor)
    reads = bool(selectors.websites_readable(actor=request.actor, on=today))
    if not rows and not manages and reads:
        return redirect("sites:staff:draft_list")
    if not rows and not manages:
        raise NotPermitted(ability="查看网站")
    views = selectors.site_views()
    context = {
        "page_title": "网站",
        "rows": [(row, views[row.slug], selectors.page_counts(website=row)) for row in rows],
        "manages": manages,
        "reads": reads,
    }
    return render(request, "portal/pages/staff/website_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view
def website_new(request: HttpRequest) -> HttpResponse:
    """Set a site up."""
    if not permissions.can_manage_websites(request.actor):
        raise NotPermitted(ability="设立网站")
    form = WebsiteForm(request.POST or None, new=True)
    if request.method == "POST" and form.is_valid():
        try:
            made = websites.website_create(actor=request.actor, now=timezone.now(), **form.arguments())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"已建立网站“{made}”，首页已经可以访问。现在可以编辑首页、添加栏目和专题。")
            return redirect("sites:staff:website_list")
    context = {"page_title": "设立网站", "breadcrumbs": [LIST, {"label": "设立网站", "url": ""}], "form": form}
    return render(request, "portal/pages/staff/website_form.html", context, status=REFUSED if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view
def website_edit(request: HttpRequest, website_id: int) -> HttpResponse:
    """Change what a site says of itself."""
    if not permissions.can_manage_websites(request.actor):
        raise NotPermitted(ability="修改网站信息")
    row = selectors.website_find(website_id=website_id)
    if row is None:
        raise Http404("没有这个网站")
    initial = {name: getattr(row, name) for name in websites.SiteFacts.__dataclass_fields__}
    initial |= {"name": row.name, "unit_id": row.unit_id, "hosts": "\n".join(row.hosts)}
    form = WebsiteForm(request.POST or None, new=False, primary=row.is_primary, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            websites.website_edit(actor=request.actor, website_id=row.pk, now=timezone.now(), **form.arguments())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已保存。")
            return redirect("sites:staff:website_list")
    context = {
        "page_title": f"{row}：网站信息",
        "breadcrumbs": [LIST, {"label": "网站信息", "url": ""}],
        "form": form,
        "row": row,
    }
    return render(request, "portal/pages/staff/website_form.html", context, status=REFUSED if form.errors else 200)


@require_GET
@staff_view
def shared_list(request: HttpRequest, website_id: int) -> HttpResponse:
    """Show what is shared to a site, and look for more."""
    row = website_for(request, website_id)
    now, words = timezone.now(), request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = public_item_list(filters=PublicFilters(text=words), size=FOUND, at=now).rows if words else ()
    shared = selectors.shared_list(website=row)
    views, here = selectors.site_views()[row.slug], {one.item_id for one in shared}
    context = {
        "page_title": f"共享到“{row}”的信息",
        "breadcrumbs": [LIST, {"label": "共享信息", "url": ""}],
        "row": row,
        "shared": selectors.shared_rows(shared=shared, at=now),
        "q": words,
        "found": [(one, one.item_id in here, views.concerns(unit_ids=[one.unit_id], item_id=0)) for one in found],
        "may_share": _may_share(request, row),
    }
    return render(request, "portal/pages/staff/shared_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view
def shared_add(request: HttpRequest, website_id: int, uid: UUID) -> HttpResponse:
    """Ask why an item is shared to a site, and share it."""
    row = website_for(request, website_id)
    if not _may_share(request, row):
        raise NotPermitted(ability="把信息共享到这个网站")
    item = public_item_get(uid=uid, at=timezone.now())
    if not isinstance(item, PublicItem):
        raise Http404("没有公开这条信息")
    back = reverse("sites:staff:shared_list", args=[row.pk])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sharing.item_share(
                actor=request.actor, website_id=row.pk, uid=uid, reason=form.cleaned_data["reason"], now=timezone.now()
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"《{item.title}》已共享到“{row}”。")
            return redirect(back)
    context = {
        "page_title": f"共享到“{row}”",
        "breadcrumbs": [LIST, {"label": "共享信息", "url": back}, {"label": "共享", "url": ""}],
        "row": row,
        "item": item,
        "form": form,
        "back": back,
    }
    return render(request, "portal/pages/staff/shared_add.html", context, status=REFUSED if form.errors else 200)


class ReasonForm(forms.Form):
    """Why an item is shared."""

    reason = forms.CharField(label="理由", max_length=LONGEST, help_text="例如：适用于本市，供群众查阅。")


@require_POST
@staff_view
def shared_end(request: HttpRequest, shared_id: int) -> HttpResponse:
    """Let a site no longer show what was shared to it."""
    shared = selectors.shared_find(shared_id=shared_id)
    if shared is None:
        if not selectors.website_list(actor=request.actor, on=timezone.localdate()):
            raise NotPermitted(ability="停止共享")
        raise Http404("没有这条共享")
    try:
        sharing.share_end(actor=request.actor, shared_id=shared_id, now=timezone.now())
    except Refused as refused:
        if isinstance(refused, NotPermitted):
            raise
        for sentence in refused.sentences():
            messages.error(request, sentence)
    else:
        messages.success(request, "已停止共享。")
    return redirect("sites:staff:shared_list", shared.website_id)


def website_for(request: HttpRequest, website_id: int) -> Any:
    """Return a site of which the person may write pages; who may none is told that, whichever number was asked for."""
    try:
        return selectors.website_get(actor=request.actor, website_id=website_id, on=timezone.localdate())
    except selectors.NotFound as error:
        if not selectors.website_list(actor=request.actor, on=timezone.localdate()):
            raise NotPermitted(ability="查看网站") from error
        raise Http404("没有这个网站") from error


def _may_share(request: HttpRequest, row: Any) -> bool:
    return permissions.can_share_items(request.actor, selectors.keeper_ids(row, on=timezone.localdate()))
